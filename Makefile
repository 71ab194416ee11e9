# The commands of the project. `make help` lists them.
.POSIX:
.PHONY: help demo test models samples accuracy bench soak fuzz fmt lint clean-demo

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

SEED =
PAGES = 100
accuracy: models ## read the samples and compare with what stands on them; SEED=7 PAGES=100 ANGLE=10 DPI=75: pages drawn from a seed instead
	cargo run --release --locked --example accuracy -- $${SEED:+--seed $(SEED) --pages $(PAGES)} $${ANGLE:+--angle $(ANGLE)} $${DPI:+--dpi $(DPI)}

ENTRIES = 1000000
SIZES = 10000
HOUSEHOLDS = 50000
bench: models ## measure reading, intake, sweep, log (of ENTRIES acts), people, a district (of HOUSEHOLDS) and search (of SIZES pages), each beside a reference
	cargo bench --locked --bench first_numbers
	ENTRIES=$(ENTRIES) cargo bench --locked --bench log
	cargo bench --locked --bench people
	HOUSEHOLDS=$(HOUSEHOLDS) cargo bench --locked --bench district
	cargo run --release --locked -p yidang-ocr --example pace -- .local/models sample-docs/files/*.jpg
	cargo run --release --locked -p yidang-indexer --example bench -- $(SIZES)

KILLS = 300
CRASHES = 10000
ASKED = 100
SEQUENCES = 300
DISTRICT = 3000
DISTRICTS = 10
soak: ## kill a server KILLS times (300), let the power fail in CRASHES schedules (10000): nothing answered may be lost; ask the API ASKED times (100) each; play SEQUENCES (300) of what happens to households; find the faults of DISTRICTS districts (10) of DISTRICT households (3000)
	YIDANG_KILLS=$(KILLS) cargo test --workspace --locked --test suite -- --nocapture kill::
	CRASHES=$(CRASHES) cargo test --workspace --locked --test suite -- --nocapture crash::
	FUZZ_API=$(ASKED) cargo test --workspace --locked --test suite -- --nocapture fuzzed::
	SEQUENCES=$(SEQUENCES) cargo test --workspace --locked --test suite -- --nocapture sequence::
	YIDANG_DISTRICT=$(DISTRICT) YIDANG_DISTRICTS=$(DISTRICTS) cargo test --workspace --locked --test suite -- --nocapture district::

SECONDS = 60
fuzz: ## run every fuzz target SECONDS long (60); needs cargo-fuzz and a nightly compiler
	@for target in tests/fuzz/targets/*.rs; do \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz "$$(basename "$$target" .rs)" -- -max_total_time=$(SECONDS) || exit 1; \
	done

fmt: ## format the sources
	cargo fmt --all

lint: ## formatting, lints, documentation, licences of dependencies
	@tools/lint.sh

clean-demo: ## throw the demonstration archive away
	rm -rf .local/demo
