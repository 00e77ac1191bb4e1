GO       ?= go
WEB      := dashboard/web
BIN      := bin/carillon
PEERS    := cmd/internal/bench/peers
# What the whole product spends its time on while it dials: `make profile` makes it anew.
PROFILE  := cmd/internal/bench/dial.pgo
VERSION  := $(shell git describe --tags --always 2>/dev/null || echo dev)
BUILD    := -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/carillon
LINT     := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
# Of `make test`: the shell, and what reads beside it. `make race` takes everything.
RACY     := ./dialer ./dialer/ledger/memory ./dialer/projection ./dashboard ./dashboard/live
# Of `make sim`: how many runs, and the first seed (a failing one is replayed by FIRST=seed SEEDS=1).
SEEDS    ?= 50
FIRST    ?= 1
# Of `make crash`: how often the server is killed.
N        ?= 20

# Of `make e2e`: where its pictures go.
SHOTS    ?= bin/shots

# Of `make fuzz`: how long each target runs, or how often (100000x).
T        ?= 10s

.PHONY: help run test check lint bench bench-peers sim crash damage mutants fuzz race soak web build release profile e2e page-cost
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: build ## build everything and start the demo on http://127.0.0.1:8080
	./$(BIN) demo $(ARGS)

test: web ## all set-up and all tests
	cd $(WEB) && npm run typecheck && npm test
	cd $(PEERS) && $(GO) vet ./...
	$(GO) test -timeout 15m ./... && $(GO) test -race -short -timeout 15m $(RACY)
	$(GO) test -run '^$$' -bench . -benchtime 200x ./dialer
	$(GO) build $(BUILD) && .ci/browser && .ci/alerts

e2e: build ## the first day in a browser, from the first start to the kill switch, with pictures in SHOTS
	SHOTS=$(SHOTS) .ci/browser story

page-cost: build ## what the page costs in a browser: bytes, times, work while it is live
	.ci/browser cost

check: ## quick: vet and the tests that need no browser and no race detector
	$(GO) vet ./... && $(GO) test -short ./...

lint: ## static checks (the first run builds the linter)
	$(LINT) run --allow-parallel-runners ./...

bench: release ## micro benchmarks and the whole product
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./dialer/... ./cadence/... ./telephony/twilio && ./$(BIN) bench

bench-peers: release ## asynq on Redis and River on PostgreSQL beside us; installs both servers where they are missing
	cd $(PEERS) && $(GO) build -o ../../../../bin/peers . && cd ../../../.. && ./bin/peers -carillon ./$(BIN)

sim: ## SEEDS simulated lives of the engine with faults, from seed FIRST
	GOGC=400 $(GO) test -count 1 -timeout 60m -v -run 'TestSeeds|TestStorm|TestHours|TestLawful|TestWitness|TestNoInterleaving' ./dialer/sim -args -laws -seeds $(SEEDS) -first $(FIRST)

crash: ## kill the server N times, at crash points and moments, from world FIRST; the carrier's log judges
	$(GO) test -tags crashpoints -count 1 -timeout 60m -v -run 'TestKill(Loop|Verbs)' ./cmd/carillon -args -cycles $(N) -kill-seed $(FIRST)

mutants: ## break the code on purpose, one line at a time; somebody must notice
	$(GO) run ./cmd/internal/mutants

fuzz: ## every parser and codec in turn, T each
	.ci/fuzz $(T)

race: ## the whole suite under the race detector
	$(GO) test -race -timeout 60m ./...

damage: ## every harm to every file of a data directory, and what befalls whole ones (TABLE=1: a line each)
	$(GO) test -c -o bin/damage.test ./cmd/carillon && cd cmd/carillon && ../../bin/damage.test -test.run 'TestDamage$$' -damage $(if $(TABLE),-damage-table)

soak: release ## dial 500 calls a second for half an hour; the slopes of heap and goroutines
	./$(BIN) bench soak $(ARGS)

build: web ## the binary, with the page inside
	$(GO) build $(BUILD)

release: web ## the binary as it is deployed: compiled by a profile of dialing, which takes two minutes more
	$(GO) build -pgo=$(PROFILE) $(BUILD)

profile: build ## take that profile anew
	rm -rf bin/profiles && ./$(BIN) bench --only w1,w2,w3,w7 --leads 200000 --rows 200000 --profile bin/profiles
	$(GO) tool pprof -proto bin/profiles/*.cpu.pprof >$(PROFILE)

web: $(WEB)/node_modules/.package-lock.json ## the page
	cd $(WEB) && npm run build

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci
