# make run    a working resolver on loopback
# make test   everything that has to pass
# make bench  all: bench-server (against NSD and Unbound), bench-models, bench-resolver (cache hits, recursion,
#             an index swap under load), bench-attribution; see docs/performance.md

BUILD_PACKAGES = libldns-dev libunbound-dev nettle-dev libssl-dev libsqlite3-dev zlib1g-dev libseccomp-dev libfstrm-dev libcurl4-openssl-dev libhiredis-dev libnats-dev \
	libmaxminddb-dev pkg-config
TEST_PACKAGES = nsd unbound bind9 bind9-dnsutils knot knot-dnsutils ldnsutils python3-dnspython \
	python3-pytest python3-venv python3-yaml iproute2 util-linux curl dnsperf openssl python3-h2 dnsdist \
	dnsmasq-base systemd pdns-recursor knot-resolver lua-cqueues prometheus dnstap-ldns fstrm-bin haproxy \
	redis-server nats-server rsyslog php-cli unzip \
	freeradius freeradius-utils kea-dhcp4-server kea-dhcp6-server isc-dhcp-server isc-dhcp-client
BENCH_PACKAGES = nsd unbound bind9 pdns-recursor knot-resolver dnsdist dnsperf openssl

SWIFT_FLAGS = -c release --explicit-target-dependency-import-check error
TEST_FLAGS = -c release
PONOR = .build/release/ponor
# Of the fuzz package its own files only: the rest are links to Sources.
SWIFT_FILES = Sources DGAModels Package.swift $(filter-out Tests/Fuzz,$(wildcard Tests/*)) \
	Tests/Fuzz/Package.swift Tests/Fuzz/Sources/FuzzEntries Tests/Fuzz/Sources/fuzz

.PHONY: run build test unit end-to-end consumers lint bench bench-server bench-models bench-resolver \
	bench-attribution fmt clean

run: build
	@.ci/try $(PONOR)

build:
	@.ci/install-packages $(BUILD_PACKAGES)
	swift build $(SWIFT_FLAGS) --product ponor

test: lint unit end-to-end

lint:
	swift format lint --strict -r --parallel $(SWIFT_FILES)

unit:
	@.ci/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(TEST_FLAGS) --skip-build

end-to-end: build
	@.ci/install-packages $(TEST_PACKAGES)
	Tests/EndToEnd/run

# Exports, read by programs that others wrote (from PyPI, in virtual environments under .build/venvs).
consumers: build
	@.ci/install-packages $(TEST_PACKAGES)
	Tests/Consumers/run
	Tests/Consumers/names_export.py

bench: bench-server bench-models bench-resolver bench-attribution

bench-attribution: build
	Tests/Benchmarks/attribution.py --json .build/bench-attribution.json

bench-resolver: build
	@.ci/install-packages $(BENCH_PACKAGES)
	Tests/Benchmarks/resolver_vs_peers.py --json .build/bench-resolver.json
	Tests/Benchmarks/swap_under_load.py

bench-server: build
	@.ci/install-packages $(BENCH_PACKAGES)
	Tests/Benchmarks/sinkhole_vs_peers.py --json .build/bench.json

bench-models: build
	Tests/Benchmarks/models.py --json .build/bench-models.json

fmt:
	swift format -i -r --parallel $(SWIFT_FILES)

clean:
	swift package clean
