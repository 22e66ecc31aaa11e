package policy

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// serve answers with what it gets.
func (n *network) serve(t *testing.T, name, protocol, address string) {
	err := n.at(name, func() error {
		if protocol == "udp" {
			socket, err := net.ListenPacket("udp", address)
			if err == nil {
				go echoPackets(socket)
			}
			return err
		}
		listener, err := net.Listen(protocol, address)
		if err == nil {
			go echoConnections(listener)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func echoPackets(socket net.PacketConn) {
	buffer := make([]byte, 64)
	for {
		length, from, err := socket.ReadFrom(buffer)
		if err != nil {
			return
		}
		_, _ = socket.WriteTo(buffer[:length], from)
	}
}

func echoConnections(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() { _, _ = io.Copy(connection, connection) }()
	}
}

// patience is how long a denied connection is tried; a lost first packet is sent again after one second.
const patience = 1500 * time.Millisecond

func (n *network) dial(from, protocol, address string) (connection net.Conn, err error) {
	err = n.at(from, func() error {
		connection, err = net.DialTimeout(protocol, address, patience)
		return err
	})
	return connection, err
}

func (n *network) connect(from, protocol, address string) error {
	connection, err := n.dial(from, protocol, address)
	if err != nil {
		return err
	}
	defer connection.Close()
	return exchange(connection)
}

func exchange(connection net.Conn) error {
	_ = connection.SetDeadline(time.Now().Add(patience))
	if _, err := connection.Write([]byte("hello")); err != nil {
		return err
	}
	answer := make([]byte, 5)
	if _, err := io.ReadFull(connection, answer); err != nil {
		return err
	}
	if string(answer) != "hello" {
		return errors.New("another answer: " + string(answer))
	}
	return nil
}
