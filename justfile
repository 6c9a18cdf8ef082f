# Thin names for the commands that README and .ci/run spell out.

check:
    cargo fmt --all -- --check
    cargo clippy --locked --all-targets --all-features -- -D warnings

test:
    cargo test --locked

render *scenes="scenes":
    cargo run --locked --release -- render {{scenes}}

bench:
    cargo bench --locked

# Instructions of whole scenes against benches/instructions.txt; `just instructions --accept` rewrites it.
instructions *accept:
    benches/instructions.sh {{accept}}

# Kymo beside matplotlib, gnuplot and encoders: benches/peers/README.md
peers *args:
    benches/peers/run {{args}}

# Snakemake, Slurm, pre-commit and the action's files for real, installed first: docs/ci.md
fleet *parts:
    tests/fleet/run {{parts}}

doc:
    cargo doc --locked --no-deps --open
