# The front door: every target is one command that can be run by hand too.
# `make help` takes its list from here: a line "##@ …" begins a group, "## …" behind a target says what it does.
.DEFAULT_GOAL := help
# All of them: none is a file that it makes.
.PHONY: $(shell sed -nE 's/^([a-z0-9-]+):.*/\1/p' Makefile)

OS = bin/kubesolo-os
# For those that take it: PROFILE=hardware, for ordinary boxes instead of hypervisors' machines.
PROFILE_OPTION = $(if $(PROFILE),--profile $(PROFILE))
COUNT_OPTION = $(if $(COUNT),--count $(COUNT))
ARCH_OPTION = $(if $(ARCH),--arch $(ARCH))

##@ Start here
help: ## this list
	@sed -nE -e 's/^##@ (.*)/\n\1/p' -e 's/^([a-z0-9-]+):.*## (.*)/  make \1 \t\2/p' Makefile | expand -t 30

setup: ## install what this host lacks
	@scripts/setup

up: setup ## build the image, boot it in QEMU, wait for Ready, run nginx
	@$(OS) up

update: setup ## take the machine of `make up` to these sources by a signed update, tried and confirmed
	@$(OS) update

down: setup ## shut the machine of `make up` down (CLEAN=1: and forget its disk)
	@$(OS) down $(if $(CLEAN),--clean)

dev-vm: setup ## a machine of these sources, with its console at this terminal; Ctrl-A X leaves (OPTIONS="--iso --uefi"; --help)
	@$(OS) vm $(OPTIONS)

boot-chart: setup ## draw how long each part of the boot of `make up` took: build/machine/boot.svg
	@$(OS) boot-chart >build/machine/boot.svg && echo build/machine/boot.svg

##@ While you change something
format: setup ## format TypeScript, shell and Go
	@scripts/format

check: setup ## lint, types, borders and unit tests
	@scripts/check

test-unit: setup ## the unit tests of one file or folder: make test-unit FILE=src/disk
	@scripts/test unit "$(NAME)" $(FILE)

test-agent: agent ## the built agent, case by case (NAME=word)
	@scripts/test agent "$(NAME)"

test-factory: setup ## the tests of what the factory makes: same bytes again, what is inside (NAME=word)
	@scripts/test factory "$(NAME)"

test-sandbox: build kit ## the tests that run the engine in namespaces of this host, as root (NAME=word)
	@scripts/test sandbox "$(NAME)"

test-vm: all kit ## the tests that boot machines; one of them: make test-vm NAME=reboot
	@scripts/test vm "$(NAME)"

test: check all kit ## everything: `make check`, then the tests of what is built, and those that boot machines
	@scripts/test agent
	@scripts/beside "scripts/test factory" "scripts/test sandbox"
	@scripts/test conformance
	@scripts/test vm

##@ Build (with PROFILE=hardware: for ordinary boxes)
build: setup ## the disk image
	@$(OS) build $(PROFILE_OPTION)

disk-image: build ## the same as `make build`

rootfs: setup ## the verified root file system alone
	@$(OS) build rootfs $(PROFILE_OPTION)

initramfs: setup ## the initramfs alone
	@$(OS) build initramfs $(PROFILE_OPTION)

rebuild-initramfs: initramfs ## the same as `make initramfs`: seconds after a change of init/

iso: setup ## the ISO: a CD or stick that starts from itself
	@$(OS) build iso $(PROFILE_OPTION)

inject-ssh: setup ## for development: the disk image with SSH, for who has the key (KEY=~/.ssh/id_ed25519.pub)
	@$(OS) build disk $(PROFILE_OPTION) --ssh $(KEY)

all: setup ## every output: disk, qcow2, VMDK, VHD, ISO, PXE, bundle
	@$(OS) build all $(PROFILE_OPTION)

docker-build: ## the same outputs, built in a container: build/container (ENGINE=podman; BASE=debian:trixie, OUTPUTS="disk iso")
	@scripts/docker-build

fetch: setup ## download all that builds and tests need; afterwards they work without a network
	@$(OS) fetch $(PROFILE_OPTION)

kernel-audit: setup ## hold the kernel configuration FILE against what the system needs
	@$(OS) kernel-audit $(PROFILE_OPTION) $(FILE)

kernel-config: setup ## the configuration of the kernel in an image, audited (FILE=build/image/kubesolo-os.img; without: of `make up`)
	@$(OS) kernel-config $(FILE)

##@ Build parts
engine: setup ## the Kubernetes engine alone (ARCH=arm64: for another machine)
	@$(OS) engine $(ARCH_OPTION)

agent: setup ## the agent alone (ARCH=arm64: for another machine)
	@$(OS) agent $(ARCH_OPTION)

kit: setup ## what tests need besides the image: container images, a registry, another kubectl, QEMU
	@$(OS) kit

lock: setup ## lock the newest Debian packages; print what changed and what else has newer releases
	@$(OS) lock

release: setup ## make these sources a release: checks, changelog, commit, tag (VERSION=X.Y.Z; DRY=1: only check)
	@$(OS) release $(if $(DRY),--dry-run) $(VERSION)

clean: ## remove all that was built (`make down CLEAN=1` first, if a machine runs)
	@rm -rf build

##@ Tests on machines, by subject
test-boot: build kit ## power-on to the status on the console, BIOS and UEFI, and off
	@scripts/test vm "" boot.vm

test-k8s-ready: build kit ## power-on to Ready in 512 MB
	@scripts/test vm "" k8s-ready

test-deploy-workload: build kit ## what people do with a cluster, with Debian's kubectl
	@scripts/test vm "" deploy-workload

test-local-storage: build kit ## a volume on a machine
	@scripts/test vm "" local-storage

test-network-policy: build kit ## a NetworkPolicy on a machine
	@scripts/test vm "" network-policy

test-faults: all kit ## damaged roots and data, missing networks and drivers, a watchdog that is not fed
	@scripts/test vm "" root-integrity data-faults network-faults watchdog

test-update: build kit ## an update from a web server: written, tried, confirmed; damaged slots
	@scripts/test vm "" update.vm boot-loader

test-rollback: build kit ## releases that fail are undone by themselves, and good ones aren't; an hour and a half
	@scripts/test matrix "" rollback trial.matrix

test-power-cut: build kit ## the power is cut at each flush of an update and of the ways back; hours, goes on where it was interrupted (OPTIONS=--help)
	@$(OS) power-cut $(OPTIONS)

test-lives: build kit ## machines live what the simulator's boxes live, 50 lives; hours, goes on where it was interrupted (OPTIONS=--help)
	@$(OS) lives $(OPTIONS)

test-persistence: build kit ## what stays when the engine restarts, at a reboot and after a power cut
	@scripts/test vm "" persistence

##@ Long runs
test-all: test test-architectures test-workloads test-matrix test-starts test-conformance ## `make test`, arm64, more machines, 100 starts, and all of the conformance tests; as root, more than an hour

test-architectures: setup ## the engine for arm64, compiled from nothing; ten minutes
	@scripts/test architecture "$(NAME)"

test-workloads: build kit ## what people install on a cluster: drivers, operators, Helm, a policy engine, a mesh's sidecar; as root, and helm is compiled first
	@scripts/test workloads "$(NAME)"

test-matrix: build kit ## more machines than `make test` boots: all of the boot tests with UEFI, conformance specs, updates and rollbacks
	@scripts/test matrix "$(NAME)"

test-starts: build kit ## 50 fresh starts and 50 restarts of the engine in a row (COUNT=10: of each), as root
	@$(OS) starts $(COUNT_OPTION)

test-boots: setup ## 20 fresh machines with 512 MB in a row, each to Ready (COUNT=50; PROFILE=hardware DISK=usb)
	@$(OS) boots $(COUNT_OPTION) $(PROFILE_OPTION) $(if $(DISK),--disk $(DISK))

test-conformance: build kit ## Kubernetes' own tests that one node can run, conformance and others, as root; hours
	@$(OS) conformance

simulate: setup ## have boxes live on the model, ten million steps of updates, power cuts and rot; two minutes (STEPS=1000000)
	@$(OS) simulate $(if $(STEPS),--steps $(STEPS),--steps 10000000)

fuzz: setup ## feed a million spoiled files to each of what reads them, and 100,000 through the agent's runtime; hours, it goes on where it was
	@$(OS) fuzz --inputs $(or $(INPUTS),1000000) --agent-inputs $(or $(AGENT_INPUTS),100000) $(TARGETS)

bench-engine: setup ## measure the engine beside upstream's separate programs (about 25 minutes)
	@$(OS) bench-engine

fuzz-config: setup ## files of a node's configuration that nobody wrote, by the thousand (COUNT=1000000 takes hours, SEED=1)
	@node_modules/.bin/tsx test/agent/fuzz-long.ts $(or $(COUNT),100000) $(or $(SEED),1)

bench-config: setup ## measure a node's configuration beside Debian's cloud-init (about 10 minutes)
	@$(OS) bench-config

bench-boot: setup ## measure how fast the image starts and is built (about 8 minutes)
	@$(OS) bench-boot

bench-update: setup ## measure what an update costs a small machine, and how fast a bad one is undone (about 15 minutes)
	@$(OS) bench-update

bench-reliability: setup ## count what was survived, from the results of `make test-power-cut`, `make test-lives`, the simulator and the fuzzers
	@$(OS) bench-reliability
