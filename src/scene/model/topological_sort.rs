//! The order of definitions: each after those it uses, or the ring that forbids it.

/// Sorts definitions so that each comes after those it uses; otherwise in the order given.
///
/// `uses[i]` lists the definitions that definition i uses.
///
/// # Errors
///
/// A ring, as pairs (i, n): definition i uses the next one of the ring by `uses[i][n]`. It begins
/// with the definition of the ring that was given first.
pub(super) fn topological_sort(uses: &[Vec<usize>]) -> Result<Vec<usize>, Vec<(usize, usize)>> {
    let mut sorted = Vec::with_capacity(uses.len());
    let mut visited = vec![false; uses.len()];
    // The path from the definition at hand: pairs (i, n) of which use is looked at.
    // It is kept here and not on the call stack, which a long chain of definitions would exhaust.
    let mut path: Vec<(usize, usize)> = Vec::new();
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
                path.push((definition, 0));
            }
            let Some((definition, next)) = path.last_mut() else { break };
            let Some(&used) = uses[*definition].get(*next) else {
                sorted.push(*definition);
                position_on_path[*definition] = None;
                path.pop();
                if let Some((_, next)) = path.last_mut() {
                    *next += 1;
                }
                continue;
            };
            if let Some(start) = position_on_path[used] {
                return Err(from_first(path.split_off(start)));
            }
            if visited[used] {
                *next += 1;
            } else {
                entered = Some(used);
            }
        }
    }
    Ok(sorted)
}

/// The same ring, begun where the definition stands that was given first.
fn from_first(mut ring: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let first = ring.iter().enumerate().min_by_key(|(_, (definition, _))| *definition);
    let start = first.map_or(0, |(at, _)| at);
    ring.rotate_left(start);
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_after_those_it_uses() {
        assert_eq!(topological_sort(&[vec![2, 1], vec![2], vec![], vec![0]]), Ok(vec![2, 1, 0, 3]));
    }

    #[test]
    fn a_ring_begins_with_its_first_definition() {
        // 0 leads into the ring 1 → 3 → 2 → 1 at 3.
        assert_eq!(
            topological_sort(&[vec![3], vec![3], vec![1], vec![2]]),
            Err(vec![(1, 0), (3, 0), (2, 0)])
        );
        assert_eq!(topological_sort(&[vec![], vec![0, 1]]), Err(vec![(1, 1)]));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let uses: Vec<Vec<usize>> =
            (1..=200_000).map(|i| if i < 200_000 { vec![i] } else { vec![] }).collect();
        assert_eq!(topological_sort(&uses).map(|sorted| sorted[0]), Ok(199_999));
    }
}
