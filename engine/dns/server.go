// Package dns is the cluster's name server: CoreDNS, in this process. It answers for the cluster's domain
// from the API server's objects, and asks the host's own name servers about the rest.
package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/coredns/caddy"
	miekg "github.com/miekg/dns"

	"kubesolo-os/engine/logs"
)

const component = "dns"

// only: CoreDNS keeps its registries for the whole process.
var only sync.Mutex

// listening: CoreDNS has its sockets.
var listening atomic.Bool

// Serve answers until ctx ends. Changes of the upstream servers are followed.
func Serve(ctx context.Context, o Options) error {
	if !only.TryLock() {
		return errors.New("cluster DNS is already running in this process")
	}
	defer only.Unlock()
	changes, err := watchFile(ctx, o.ResolvConf)
	if err != nil {
		logs.Line(component, "changes of the upstream name servers take effect at the next start: %v", err)
	}
	upstreams, err := readUpstreams(o)
	if err != nil {
		logs.Line(component, "no names outside the cluster are answered: %v", err)
	}
	if err := WriteForPods(o.ResolvConf, o.ForPods); err != nil {
		return err
	}
	if err := checkFree(o.Listen); err != nil {
		return err
	}
	running = &cluster{kubeconfig: o.Kubeconfig}
	defer running.close()
	input, err := makeInput(o, upstreams)
	if err != nil {
		return err
	}
	instance, err := caddy.Start(input)
	if err != nil {
		return fmt.Errorf("cannot start CoreDNS: %w", err)
	}
	listening.Store(true)
	defer listening.Store(false)
	for {
		select {
		case <-ctx.Done():
			return stop(instance)
		case <-changes:
		}
		if err := WriteForPods(o.ResolvConf, o.ForPods); err != nil {
			logs.Line(component, "pods keep the name servers of before: %v", err)
		}
		latest, err := readUpstreams(o)
		if err != nil {
			logs.Line(component, "keeping those of before: %v", err)
			continue
		}
		if slices.Equal(latest, upstreams) {
			continue
		}
		if instance, err = reload(instance, o, latest); err != nil {
			logs.Line(component, "cannot use the new upstream name servers: %v", err)
			continue
		}
		upstreams = latest
	}
}

func reload(instance *caddy.Instance, o Options, upstreams []string) (*caddy.Instance, error) {
	input, err := makeInput(o, upstreams)
	if err != nil {
		return instance, err
	}
	return instance.Restart(input)
}

func makeInput(o Options, upstreams []string) (caddy.Input, error) {
	text, err := makeCorefile(o, upstreams)
	return caddy.CaddyfileInput{Filepath: "Corefile", Contents: text, ServerTypeName: "dns"}, err
}

// checkFree: CoreDNS itself would share the port with whoever has taken it the same way, and each would
// get some of the questions.
func checkFree(listen netip.AddrPort) error {
	// A program that is started in between would have the socket too until it is executed, and the port would be taken after all.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	tcp, err := net.Listen("tcp", listen.String())
	if err == nil {
		_ = tcp.Close()
		var udp net.PacketConn
		if udp, err = net.ListenPacket("udp", listen.String()); err == nil {
			return udp.Close()
		}
	}
	return err
}

func stop(instance *caddy.Instance) error {
	failures := instance.ShutdownCallbacks()
	return errors.Join(append(failures, instance.Stop())...)
}

// Check asks the server at address for the A record of name, and is nil when the answer is want.
func Check(ctx context.Context, address netip.AddrPort, name string, want netip.Addr) error {
	if !listening.Load() {
		return errors.New("cluster DNS does not listen yet")
	}
	question := new(miekg.Msg).SetQuestion(miekg.Fqdn(name), miekg.TypeA)
	answer, err := miekg.ExchangeContext(ctx, question, address.String())
	if err != nil {
		return fmt.Errorf("no answer from cluster DNS: %w", err)
	}
	for _, record := range answer.Answer {
		if a, isA := record.(*miekg.A); isA && a.A.String() == want.String() {
			return nil
		}
	}
	return fmt.Errorf("cluster DNS has no address of %s yet (%s)", name, miekg.RcodeToString[answer.Rcode])
}
