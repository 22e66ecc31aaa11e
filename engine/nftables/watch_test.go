package nftables

import (
	"maps"
	"testing"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// What the kernel sends is shown in test/sandbox; this is how it is read.
func TestATransactionIsGathered(t *testing.T) {
	const nft, someone = 4711, 12
	noteOwn(nft)
	message := func(sender uint32, kind int, texts ...string) netlink.Message {
		attributes := netlink.NewAttributeEncoder()
		for i, text := range texts {
			if text != "" {
				attributes.String(uint16(i+1), text)
			}
		}
		data, err := attributes.Encode()
		if err != nil {
			t.Fatal(err)
		}
		header := netlink.Header{Type: netlink.HeaderType(unix.NFNL_SUBSYS_NFTABLES<<8 | kind), PID: sender}
		return netlink.Message{Header: header, Data: append([]byte{unix.NFPROTO_IPV4, 0, 0, 0}, data...)}
	}
	gathered := transaction{}
	for _, each := range []netlink.Message{
		message(someone, unix.NFT_MSG_DELRULE, "proxy", "services"),
		message(someone, unix.NFT_MSG_DELRULE, "proxy", "services"),
		message(someone, unix.NFT_MSG_NEWRULE, "proxy", "services"),
		message(someone, unix.NFT_MSG_DELCHAIN, "proxy", "", "old"),
		message(someone, unix.NFT_MSG_DELTABLE, "gone"),
		message(nft, unix.NFT_MSG_DELTABLE, "ours"),
		message(nft, unix.NFT_MSG_NEWTABLE, "ours"),
		{Header: netlink.Header{Type: unix.NFNL_SUBSYS_CTNETLINK << 8}, Data: make([]byte, 4)},
	} {
		if gathered.add(each) {
			t.Fatal("complete too early")
		}
	}
	if !gathered.add(message(someone, unix.NFT_MSG_NEWGEN)) {
		t.Error("not complete at the end")
	}
	proxy, gone, ours := gathered["ip proxy"], gathered["ip gone"], gathered["ip ours"]
	if proxy == nil || proxy.Gone || proxy.Own || !maps.Equal(proxy.Net, map[string]int{"services": -1, "old": -1}) {
		t.Errorf("got %+v", proxy)
	}
	if gone == nil || !gone.Gone || gone.Own {
		t.Errorf("got %+v", gone)
	}
	if ours == nil || ours.Gone || !ours.Own {
		t.Errorf("got %+v", ours)
	}
}
