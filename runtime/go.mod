module kubesolo-os/runtime

go 1.26.6

require (
	github.com/klauspost/compress v1.20.3
	golang.org/x/crypto v0.58.0
	golang.org/x/sys v0.50.0
)
