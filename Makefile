# The front door: every target is one command that can be run by hand too.
.DEFAULT_GOAL := help
.PHONY: help setup up down boot-chart build engine lock check test test-vm test-boot test-k8s-ready test-deploy-workload test-local-storage test-network-policy \
	test-persistence test-all test-sandbox test-factory test-starts test-conformance bench-engine bench-boot bench-config clean

OS = bin/kubesolo-os

help: ## this list
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/make \1 \t\2/p' Makefile | expand -t 20

setup: ## install what this host lacks
	@scripts/setup

up: setup ## build the image, boot it in QEMU, wait for Ready, run nginx
	@$(OS) up

down: setup ## shut the machine of `make up` down (CLEAN=1: and forget its disk)
	@$(OS) down $(if $(CLEAN),--clean)

boot-chart: setup ## draw how long each part of the boot of `make up` took: build/machine/boot.svg
	@$(OS) boot-chart >build/machine/boot.svg && echo build/machine/boot.svg

build: setup ## build the disk image (PROFILE=hardware: for ordinary boxes)
	@$(OS) build $(if $(PROFILE),--profile $(PROFILE))

# Each of these takes PROFILE=hardware, too.
.PHONY: rootfs initramfs iso disk-image all fetch
rootfs: setup ## build the verified root file system alone
	@$(OS) build rootfs $(if $(PROFILE),--profile $(PROFILE))

initramfs: setup ## build the initramfs alone
	@$(OS) build initramfs $(if $(PROFILE),--profile $(PROFILE))

iso: setup ## build the ISO: a CD or stick that starts from itself
	@$(OS) build iso $(if $(PROFILE),--profile $(PROFILE))

disk-image: build ## the same as `make build`

all: setup ## build every output: disk, qcow2, ISO, PXE
	@$(OS) build all $(if $(PROFILE),--profile $(PROFILE))

fetch: setup ## download all that builds and tests need; afterwards they work without a network
	@$(OS) fetch $(if $(PROFILE),--profile $(PROFILE))

.PHONY: kit
kit: setup ## make what tests need besides the image: container images, a registry, another kubectl
	@$(OS) kit

engine: setup ## build the Kubernetes engine alone (ARCH=arm64: for another machine)
	@$(OS) engine $(if $(ARCH),--arch $(ARCH))

.PHONY: agent
agent: setup ## build the agent alone (ARCH=arm64: for another machine)
	@$(OS) agent $(if $(ARCH),--arch $(ARCH))

.PHONY: kernel-audit
kernel-audit: setup ## hold the kernel configuration FILE against what the system needs (PROFILE=hardware: on boxes)
	@$(OS) kernel-audit $(if $(PROFILE),--profile $(PROFILE)) $(FILE)

lock: setup ## lock the newest Debian packages and print what changed
	@$(OS) lock

check: setup ## lint, types, borders and unit tests
	@scripts/check

test: check all kit ## everything: `make check`, then the tests of what is built, and those that boot machines
	@scripts/test agent
	@scripts/test factory
	@scripts/test sandbox
	@scripts/test conformance
	@scripts/test vm

test-vm: all kit ## the tests that boot machines; one of them: make test-vm NAME=reboot
	@scripts/test vm $(NAME)

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

.PHONY: test-faults
test-faults: all kit ## damaged roots and data, missing networks and drivers, a watchdog that is not fed
	@scripts/test vm "" root-integrity data-faults network-faults watchdog

test-persistence: build kit ## what stays when the engine restarts, at a reboot and after a power cut
	@scripts/test vm "" persistence

test-all: test test-starts test-conformance ## `make test`, 100 starts, and all of the conformance tests; as root, an hour

.PHONY: test-agent
test-agent: agent ## the built agent, case by case
	@scripts/test agent "$(NAME)"

test-sandbox: build kit ## the tests that run the engine in namespaces of this host, as root
	@scripts/test sandbox $(NAME)

test-factory: setup ## the tests of what the factory makes: same bytes again, other architectures
	@scripts/test factory $(NAME)

test-starts: build kit ## 50 fresh starts and 50 restarts of the engine in a row (COUNT=10: of each), as root
	@$(OS) starts $(if $(COUNT),--count $(COUNT))

.PHONY: test-boots
test-boots: setup ## 20 fresh machines with 512 MB in a row, each to Ready (COUNT=50; PROFILE=hardware DISK=usb)
	@$(OS) boots $(if $(COUNT),--count $(COUNT)) $(if $(PROFILE),--profile $(PROFILE)) $(if $(DISK),--disk $(DISK))

test-conformance: build kit ## all of Kubernetes' own conformance tests that one node can run, as root; half an hour
	@$(OS) conformance

bench-engine: setup ## measure the engine beside upstream's separate programs (about 25 minutes)
	@$(OS) bench-engine

bench-config: setup ## measure a node's configuration beside Debian's cloud-init (about 10 minutes)
	@$(OS) bench-config
bench-boot: setup ## measure how fast the image starts and is built (about 8 minutes)
	@$(OS) bench-boot

clean: ## remove all that was built (`make down CLEAN=1` first, if a machine runs)
	@rm -rf build
