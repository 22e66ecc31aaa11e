# The front door: every target is one command that can be run by hand too.
.DEFAULT_GOAL := help
.PHONY: help setup up down build lock check test test-vm clean

OS = bin/kubesolo-os

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1 \t\2/p' Makefile | expand -t 20

setup: ## install what this host lacks
	@scripts/setup

up: setup ## build the image, boot it in QEMU, wait for Ready, run nginx
	@$(OS) up

down: setup ## shut the machine of `make up` down (CLEAN=1: and forget its disk)
	@$(OS) down $(if $(CLEAN),--clean)

build: setup ## build the disk image
	@$(OS) build

lock: setup ## lock the newest Debian packages and print what changed
	@$(OS) lock

check: setup ## lint, types, borders and unit tests
	@scripts/check

test: check build ## everything: `make check`, then the tests that boot machines
	@scripts/test-vm

test-vm: build ## the tests that boot machines; one of them: make test-vm NAME=reboot
	@scripts/test-vm $(NAME)

clean: ## remove all that was built (`make down CLEAN=1` first, if a machine runs)
	@rm -rf build
