package preflight

import (
	"fmt"
	"os"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// The kernel is asked for what it can do by requests that can't succeed: how they fail tells. Nothing is
// left behind but the modules that the kernel loads for them, which the engine would load a second later.

// exchange sends messages in one packet, and returns the kernel's answer to each: 0 or an errno, by their
// place. All must ask to be acknowledged, but those at the begin and end of a batch.
func exchange(family int, messages []netlink.Message) ([]unix.Errno, error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, family)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	defer unix.Close(socket)
	if err := unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 5}); err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	var packet []byte
	waiting := 0
	for i, message := range messages {
		message.Header.Sequence = uint32(i)
		message.Header.Length = uint32(unix.NLMSG_HDRLEN + len(message.Data))
		bytes, err := message.MarshalBinary()
		if err != nil {
			return nil, err
		}
		packet = append(packet, bytes...)
		if message.Header.Flags&netlink.Acknowledge != 0 {
			waiting++
		}
	}
	if err := unix.Sendto(socket, packet, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, os.NewSyscallError("sendto", err)
	}
	answers := make([]unix.Errno, len(messages))
	for buffer := make([]byte, 1<<16); waiting > 0; {
		length, _, err := unix.Recvfrom(socket, buffer, 0)
		if err != nil {
			return nil, fmt.Errorf("the kernel does not answer: %w", os.NewSyscallError("recvfrom", err))
		}
		waiting -= readAnswers(buffer[:length], answers)
	}
	return answers, nil
}

// readAnswers takes struct nlmsgerr (netlink(7)) out of a packet: errno, then the header that it is about.
func readAnswers(packet []byte, answers []unix.Errno) (read int) {
	for len(packet) >= unix.NLMSG_HDRLEN+20 {
		length := int(nativeEndian.Uint32(packet))
		sequence := nativeEndian.Uint32(packet[8:])
		if nativeEndian.Uint16(packet[4:]) == unix.NLMSG_ERROR && int(sequence) < len(answers) {
			answers[sequence] = unix.Errno(-int32(nativeEndian.Uint32(packet[unix.NLMSG_HDRLEN:])))
			read++
		}
		packet = packet[min(max((length+3)&^3, unix.NLMSG_HDRLEN), len(packet)):]
	}
	return read
}

// readMissingLinkKinds asks for interfaces so big that they can't be made: the kernel refuses a kind that
// it doesn't know before it looks at the size.
func readMissingLinkKinds() (missing []string, err error) {
	for _, kind := range linkKinds {
		message, err := linkRequest(kind.name)
		if err != nil {
			return nil, err
		}
		answers, err := exchange(unix.NETLINK_ROUTE, []netlink.Message{message})
		if err != nil {
			return nil, err
		}
		if answers[0] == unix.EOPNOTSUPP {
			missing = append(missing, kind.name)
		}
	}
	return missing, nil
}

func linkRequest(kind string) (netlink.Message, error) {
	attributes := netlink.NewAttributeEncoder()
	attributes.String(unix.IFLA_IFNAME, "kubesolo-probe")
	attributes.Uint32(unix.IFLA_MTU, 1<<31-1)
	attributes.Nested(unix.IFLA_LINKINFO, func(nested *netlink.AttributeEncoder) error {
		nested.String(unix.IFLA_INFO_KIND, kind)
		return nil
	})
	encoded, err := attributes.Encode()
	return netlink.Message{
		Header: netlink.Header{Type: unix.RTM_NEWLINK, Flags: netlink.Request | netlink.Acknowledge | netlink.Create | netlink.Excl},
		Data:   append(make([]byte, unix.SizeofIfInfomsg), encoded...),
	}, err
}
