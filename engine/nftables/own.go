package nftables

import "sync"

// own are the processes of Run. In a message about a change, the kernel names the socket that asked for it by the number
// of its process (netlink(7)), which is nft's.
var own = struct {
	sync.Mutex
	last [32]uint32
	next int
}{}

func noteOwn(process int) {
	own.Lock()
	defer own.Unlock()
	own.last[own.next] = uint32(process)
	own.next = (own.next + 1) % len(own.last)
}

func isOwn(process uint32) bool {
	own.Lock()
	defer own.Unlock()
	for _, each := range own.last {
		if each == process && process != 0 {
			return true
		}
	}
	return false
}
