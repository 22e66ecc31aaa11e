module kubesolo-os/runtime

go 1.26.6

require (
	github.com/beevik/ntp v1.6.0
	github.com/klauspost/compress v1.20.3
	golang.org/x/sys v0.50.0
)

require golang.org/x/net v0.59.0 // indirect
