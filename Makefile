# The commands of the project. `make help` lists them.
.POSIX:
.PHONY: help demo test models samples accuracy bench soak fmt lint clean-demo

# make demo SERVE=0 ends after the report; ALL=1 takes all samples.
SERVE = 1
ALL = 0

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## make an archive of the samples, report, serve it (SERVE=0: no serving, ALL=1: all samples)
	@SERVE=$(SERVE) ALL=$(ALL) tools/demo.sh

test: ## run every test and check, with a PostgreSQL of their own
	@tools/test.sh

models: ## fetch the text recognition models into .local/models
	@tools/python.sh
	@tools/models.sh

samples: ## draw the sample documents anew
	@tools/samples.sh

accuracy: models ## read the samples and compare with what stands on them
	cargo run --release --locked --example accuracy

bench: models ## measure reading, intake, sweep and search, each beside a reference
	cargo bench --locked --bench first_numbers
	cargo run --release --locked -p yidang-indexer --example bench -- 10000

KILLS = 300
soak: ## kill a server under load KILLS times (300): nothing it answered may be lost
	YIDANG_KILLS=$(KILLS) cargo test --workspace --locked --test suite -- --nocapture kill::

fmt: ## format the sources
	cargo fmt --all

lint: ## formatting, lints, documentation, licences of dependencies
	@tools/lint.sh

clean-demo: ## throw the demonstration archive away
	rm -rf .local/demo
