package nftables

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Change is what one transaction has done to a table.
type Change struct {
	Table string // "inet kubesolo-policy"
	Gone  bool   // the table is
	Own   bool   // Run made it
	// Net is how many more parts there are of a chain or a set, by its name: itself, its rules and elements.
	Net map[string]int
}

const readBuffer = 1 << 20

// Watch calls for each change of the IPv4, IPv6 and inet tables, until ctx ends. The kernel tells; nothing is polled. A change
// without a table: some were missed.
func Watch(ctx context.Context, call func(Change)) error {
	socket, err := netlink.Dial(unix.NETLINK_NETFILTER, nil)
	if err != nil {
		return fmt.Errorf("cannot watch the nftables rules: %w", err)
	}
	defer socket.Close()
	if err := socket.JoinGroup(unix.NFNLGRP_NFTABLES); err != nil {
		return fmt.Errorf("cannot watch the nftables rules: %w", err)
	}
	// A flushed ruleset is one message an object, all at once.
	if err := socket.SetReadBuffer(readBuffer); err != nil {
		return fmt.Errorf("cannot watch the nftables rules: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { socket.Close() })
	defer stop()
	gathered := transaction{}
	for {
		messages, err := socket.Receive()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, unix.ENOBUFS):
			gathered = transaction{}
			call(Change{})
			continue
		case err != nil:
			return fmt.Errorf("cannot watch the nftables rules: %w", err)
		}
		for _, message := range messages {
			if !gathered.add(message) {
				continue
			}
			for _, change := range gathered {
				call(*change)
			}
			gathered = transaction{}
		}
	}
}

// transaction is gathered from its messages: one an object, and at the end that there is a new generation of rules.
type transaction map[string]*Change

// sign is how many parts a message adds, by its kind; others are of no interest.
var sign = map[int]int{
	unix.NFT_MSG_NEWTABLE: 1, unix.NFT_MSG_DELTABLE: -1,
	unix.NFT_MSG_NEWCHAIN: 1, unix.NFT_MSG_DELCHAIN: -1,
	unix.NFT_MSG_NEWRULE: 1, unix.NFT_MSG_DELRULE: -1,
	unix.NFT_MSG_NEWSET: 1, unix.NFT_MSG_DELSET: -1,
	unix.NFT_MSG_NEWSETELEM: 1, unix.NFT_MSG_DELSETELEM: -1,
}

var families = map[byte]string{unix.NFPROTO_IPV4: "ip", unix.NFPROTO_IPV6: "ip6", unix.NFPROTO_INET: "inet"}

// add reports whether the transaction is complete.
func (t transaction) add(message netlink.Message) bool {
	const headerLength = 4 // struct nfgenmsg, linux/netfilter/nfnetlink.h
	if int(message.Header.Type)>>8 != unix.NFNL_SUBSYS_NFTABLES || len(message.Data) < headerLength {
		return false
	}
	kind := int(message.Header.Type) & 0xff
	if kind == unix.NFT_MSG_NEWGEN {
		return true
	}
	family, parts := families[message.Data[0]], sign[kind]
	if family == "" || parts == 0 {
		return false
	}
	attributes, err := netlink.UnmarshalAttributes(message.Data[headerLength:])
	if err != nil {
		return false
	}
	table := family + " " + attributeText(attributes, unix.NFTA_TABLE_NAME) // the first of each kind of object is the table's name
	change := t[table]
	if change == nil {
		change = &Change{Table: table, Own: isOwn(message.Header.PID), Net: map[string]int{}}
		t[table] = change
	}
	switch kind {
	case unix.NFT_MSG_NEWTABLE, unix.NFT_MSG_DELTABLE:
		change.Gone = parts < 0
	case unix.NFT_MSG_NEWCHAIN, unix.NFT_MSG_DELCHAIN:
		change.Net[attributeText(attributes, unix.NFTA_CHAIN_NAME)] += parts
	case unix.NFT_MSG_NEWSETELEM, unix.NFT_MSG_DELSETELEM:
		change.Net[attributeText(attributes, unix.NFTA_SET_ELEM_LIST_SET)] += parts * countElements(attributes)
	default: // a rule's chain, a set's name
		change.Net[attributeText(attributes, unix.NFTA_RULE_CHAIN)] += parts
	}
	return false
}

func attributeText(attributes []netlink.Attribute, kind uint16) string {
	for _, each := range attributes {
		if each.Type == kind {
			return string(bytes.TrimRight(each.Data, "\x00"))
		}
	}
	return ""
}

func countElements(attributes []netlink.Attribute) int {
	for _, each := range attributes {
		if each.Type&^uint16(unix.NLA_F_NESTED) != unix.NFTA_SET_ELEM_LIST_ELEMENTS {
			continue
		}
		count := 0
		for data := each.Data; len(data) >= unix.NLA_HDRLEN; count++ {
			length := (int(binary.NativeEndian.Uint16(data)) + 3) &^ 3
			data = data[min(max(length, unix.NLA_HDRLEN), len(data)):]
		}
		return count
	}
	return 0
}
