# make run    a working resolver on loopback
# make test   everything that has to pass
# make bench  both: bench-server (against NSD and Unbound), bench-models; see docs/performance.md

BUILD_PACKAGES = libldns-dev libunbound-dev libevent-dev libsqlite3-dev zlib1g-dev pkg-config
TEST_PACKAGES = nsd unbound bind9-dnsutils knot-dnsutils ldnsutils python3-dnspython \
	python3-pytest python3-venv iproute2 util-linux
BENCH_PACKAGES = nsd unbound dnsperf

SWIFT_FLAGS = -c release --explicit-target-dependency-import-check error
TEST_FLAGS = -c release
PONOR = .build/release/ponor

.PHONY: run build test unit end-to-end lint bench bench-server bench-models fmt clean

run: build
	@.ci/try $(PONOR)

build:
	@.ci/install-packages $(BUILD_PACKAGES)
	swift build $(SWIFT_FLAGS) --product ponor

test: lint unit end-to-end

lint:
	swift format lint --strict -r --parallel Sources DGAModels Tests Package.swift

unit:
	@.ci/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(TEST_FLAGS) --skip-build

end-to-end: build
	@.ci/install-packages $(TEST_PACKAGES)
	Tests/EndToEnd/run

bench: bench-server bench-models

bench-server: build
	@.ci/install-packages $(BENCH_PACKAGES)
	Tests/Benchmarks/sinkhole_vs_peers.py --json .build/bench.json

bench-models: build
	Tests/Benchmarks/models.py --json .build/bench-models.json

fmt:
	swift format -i -r --parallel Sources DGAModels Tests Package.swift

clean:
	swift package clean
