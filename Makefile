# make          build/fnward
# make demo     the example shop, served, used and attacked; ends by itself
# make test     every test; ends with one line that counts them
# make bench    each budget against a real peer, as ratios
# make soak     ten minutes of load, faults and kills (SOAK_SECONDS); then what leaked or was wrong
# make fuzz     the fuzz targets, FUZZ_SECONDS each (default 300)
# make asan     every test under AddressSanitizer and UBSan
# make install  the program, runtime clients, manuals, completions, schema (PREFIX, DESTDIR)

BUILD ?= build
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 300
SOAK_SECONDS ?= 600
export FNWARD_SUITES ?= $(abspath ../shared/suites)

.PHONY: all demo test bench soak fuzz asan install clean format

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/need.sh build
	meson setup --prefix=$(PREFIX) $(BUILD)

demo: all
	@tools/need.sh test
	@examples/demo.sh $(BUILD)

test:
	@tools/need.sh test
	@$(MAKE) --no-print-directory all
	@test/e2e/install.sh $(BUILD)
	@meson test -C $(BUILD) --print-errorlogs; test/summary.py $(BUILD)/meson-logs/testlog.json

bench:
	@tools/need.sh bench
	@$(MAKE) --no-print-directory all
	@test/e2e/install.sh $(BUILD)
	@bench/run.sh $(BUILD)

soak:
	@tools/need.sh test
	@$(MAKE) --no-print-directory all
	@test/soak/soak.py $(BUILD) --seconds $(SOAK_SECONDS)

fuzz:
	@tools/need.sh fuzz
	@fuzz/run.sh build-fuzz $(FUZZ_SECONDS)

asan:
	@tools/need.sh test
	@test -d build-asan || meson setup -Db_sanitize=address,undefined -Db_lundef=false build-asan
	@ninja -C build-asan
	@test/e2e/install.sh build-asan
	@meson test -C build-asan --print-errorlogs --timeout-multiplier 4; \
		test/summary.py build-asan/meson-logs/testlog.json

install: $(BUILD)/build.ninja
	meson configure --prefix=$(PREFIX) $(BUILD)
	meson install -C $(BUILD)

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-asan build-fuzz
