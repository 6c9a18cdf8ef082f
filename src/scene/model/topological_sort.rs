//! Sorts definitions so that each one comes after those it uses, or finds a cycle.

/// One edge of the graph of definitions: `uses[definition][reference]` is the definition it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The index of the definition where the edge begins.
    pub(super) definition: usize,
    /// The index of the edge among those of its definition.
    pub(super) reference: usize,
}

/// Sorts definitions so that each one comes after those it uses, otherwise in the given order.
///
/// `uses[i]` lists the definitions that definition i uses.
///
/// # Errors
///
/// The edges of a cycle, in order. The cycle begins with its first definition in the given order.
pub(super) fn topological_sort(uses: &[Vec<usize>]) -> Result<Vec<usize>, Vec<Edge>> {
    let mut sorted = Vec::with_capacity(uses.len());
    let mut visited = vec![false; uses.len()];
    // The depth-first search keeps its path here and not on the call stack, which a long chain of definitions
    // would overflow. Each edge is the one followed from its definition.
    let mut path: Vec<Edge> = Vec::new();
    let mut position_on_path: Vec<Option<usize>> = vec![None; uses.len()];
    for first in 0..uses.len() {
        if visited[first] {
            continue;
        }
        let mut entered = Some(first);
        loop {
            if let Some(definition) = entered.take() {
                visited[definition] = true;
                position_on_path[definition] = Some(path.len());
                path.push(Edge { definition, reference: 0 });
            }
            let Some(Edge { definition, reference }) = path.last_mut() else { break };
            let Some(&used) = uses[*definition].get(*reference) else {
                sorted.push(*definition);
                position_on_path[*definition] = None;
                path.pop();
                if let Some(edge) = path.last_mut() {
                    edge.reference += 1;
                }
                continue;
            };
            if let Some(start) = position_on_path[used] {
                return Err(rotated_to_first(path.split_off(start)));
            }
            if visited[used] {
                *reference += 1;
            } else {
                entered = Some(used);
            }
        }
    }
    Ok(sorted)
}

/// The same cycle, beginning with the definition of the smallest index.
fn rotated_to_first(mut cycle: Vec<Edge>) -> Vec<Edge> {
    let first = cycle.iter().enumerate().min_by_key(|(_, edge)| edge.definition);
    let start = first.map_or(0, |(position, _)| position);
    cycle.rotate_left(start);
    cycle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(definition: usize, reference: usize) -> Edge {
        Edge { definition, reference }
    }

    #[test]
    fn each_definition_comes_after_those_it_uses() {
        assert_eq!(topological_sort(&[vec![2, 1], vec![2], vec![], vec![0]]), Ok(vec![2, 1, 0, 3]));
    }

    #[test]
    fn a_cycle_begins_with_its_first_definition() {
        // Definition 0 leads into the cycle 1 → 3 → 2 → 1 at 3.
        let cycle = topological_sort(&[vec![3], vec![3], vec![1], vec![2]]);
        assert_eq!(cycle, Err(vec![edge(1, 0), edge(3, 0), edge(2, 0)]));
        assert_eq!(topological_sort(&[vec![], vec![0, 1]]), Err(vec![edge(1, 1)]));
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let uses: Vec<Vec<usize>> =
            (1..=200_000).map(|i| if i < 200_000 { vec![i] } else { vec![] }).collect();
        assert_eq!(topological_sort(&uses).map(|sorted| sorted[0]), Ok(199_999));
    }
}
