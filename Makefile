# make demo    watch an agent stop before it deletes a file, die, and be continued
# make test    everything: Swift, C, Python, lint, type checks
# make bench   measure against the savers of LangGraph
# make docs    run the examples of the guide and make it a DocC archive
# make fuzz    feed everything the core reads with changed inputs
#
# demo and test work as the first command in a fresh clone: they install what is missing.

PYTHON := .venv/bin/python
DIST := .build-dist/release/libinterlock.so
LIBRARY := bindings/python/src/interlock/libinterlock.so.1
SWIFT_SOURCES := $(shell find Sources include -type f -not -path '*.docc/*') Package.swift
export PYTHONPATH := $(CURDIR)/bindings/python/src

.PHONY: all demo test bench docs wheel lint format fuzz sanitize coverage soak pythons oldest sqlites install \
  clean setup lib

all: lib

setup:
	@.ci/setup

lib: setup $(LIBRARY)

$(DIST): $(SWIFT_SOURCES)
	INTERLOCK_DIST=1 swift build -c release --product interlock --scratch-path .build-dist
	@touch $@

# Renamed into place: who runs with the old library keeps it.
$(LIBRARY): $(DIST)
	@cp $< $@.new && mv $@.new $@

demo: lib
	@$(PYTHON) bindings/python/examples/file_agent/demo.py

test: lib
	@$(PYTHON) Tests/Tools/run_stages.py

lint: setup
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	cd bindings/python && ../../$(PYTHON) -m ruff check . && ../../$(PYTHON) -m ruff format --check .
	cd bindings/python && ../../$(PYTHON) -m mypy
	cd bindings/python && ../../$(PYTHON) -m basedpyright --level error --pythonpath ../../$(PYTHON)

format: setup
	swift format --in-place --recursive --parallel Sources Tests Package.swift
	cd bindings/python && ../../$(PYTHON) -m ruff format . && ../../$(PYTHON) -m ruff check --fix .

# `make bench FOLDER=/mnt/disk` measures on another file system.
FOLDER := .build-bench
bench: lib
	@$(PYTHON) Tests/Benchmarks/run.py --folder $(FOLDER)

# Long versions of what `make test` does briefly.
RACES := 100000
soak: lib
	INTERLOCK_SOAK=1 $(PYTHON) -m pytest bindings/python/tests -q -m soak
	Tests/ABI/run.sh LIBRARY=$(LIBRARY) RACES=$(RACES)

# `make fuzz SECONDS=60 TARGET=json_reader`; all targets without TARGET. Seconds are of each.
SECONDS := 600
fuzz: setup
	@$(PYTHON) Tests/Fuzz/run.py --seconds $(SECONDS) --target "$(TARGET)"

# The Python tests with other versions than that of .venv.
PYTHONS := python3.10 python3.12 python3.13
pythons: lib
	@for python in $(PYTHONS); do Tests/Tools/other_python.sh $$python || exit 1; done

# The Python tests with the oldest packages that pyproject.toml allows.
OLDEST := langgraph==1.2.20 langgraph-checkpoint==4.3.0 langchain==1.4.6 langchain-core==1.6.10 rich==13.0.0
oldest: lib
	@Tests/Tools/other_python.sh $(PYTHON) $(OLDEST)

# The Python tests with other versions of SQLite: the releases of pysqlite3-binary that have 3.37.0, the
# oldest that will do, 3.39.2 and 3.51.1.
SQLITES := 0.4.6.post2 0.4.7.post7 0.5.4.post2
sqlites: lib
	@for sqlite in $(SQLITES); do Tests/Tools/other_sqlite.sh $$sqlite || exit 1; done

sanitize: setup
	@Tests/Tools/sanitize.sh

# Which lines no test reaches.
coverage: lib
	@$(PYTHON) Tests/Tools/coverage.py

# The guide: its examples are run, and it is made into an archive that any web server can show.
docs: lib
	@$(PYTHON) Tests/Tools/check_docs.py
	@Tests/Tools/build_docs.sh

wheel: lib
	@cd bindings/python && ../../$(PYTHON) -m build --wheel --outdir ../../.build-wheel
	@$(PYTHON) Tests/Tools/check_wheel.py .build-wheel

PREFIX ?= /usr/local
install: $(DIST)
	@LIBRARY=$(DIST) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) bindings/c/install

clean:
	rm -rf .build .build-* .venv $(LIBRARY)
