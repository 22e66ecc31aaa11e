package dns

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"text/template"
)

// Options say where the server listens and what it knows.
type Options struct {
	Listen      netip.AddrPort
	Service     netip.Addr   // of the Service that leads here; no upstream either
	PodNetwork  netip.Prefix // who may ask, besides the node itself
	Domain      string       // the cluster's, without a dot at the end
	Reverse     []string     // zones of the cluster's addresses, such as 42.10.in-addr.arpa
	Kubeconfig  string       // file
	ResolvConf  string       // file that names the upstream servers
	ForPods     string       // file with what pods get of it
	DisableIPv6 bool         // ask no upstream over IPv6
	StubZones   []StubZone   // of the site's; none is the cluster's
	Hosts       []Host       // that it knows besides
}

// StubZone is one that name servers of its own are asked about.
type StubZone struct {
	Name    string
	Servers []string // with their ports
}

// Host is a name with its addresses.
type Host struct {
	Name      string
	Addresses []string
}

// corefile is CoreDNS's configuration (https://coredns.io/manual/toc/). Two servers share one listener.
// The first knows everything below the cluster's own zones: a name that isn't there is denied at once,
// with or without a network. The second asks upstream, except for addresses of endpoints outside the
// pods' network, such as the node's.
//
// Each stub zone is a server, too; which of all answers, the longest zone decides. Hosts are known outside of the cluster's own zones;
// the plugin reads a file besides, and would take that of the system.
//
// Of an upstream that doesn't answer, the first questions fail after seconds; then it is left out until
// it answers again, and when there is no other one, questions fail at once. The cache is small, for small
// machines.
var corefile = template.Must(template.New("Corefile").Funcs(template.FuncMap{"join": strings.Join}).Parse(
	`{{define "common"}}
	bind {{.Listen.Addr}}
	local {{.PodNetwork}}
	failures
	loadbalance
{{- end -}}
{{define "hosts"}}
{{- if .}}
	hosts /dev/null {
	{{- range $host := .}}{{range $host.Addresses}}
		{{.}} {{$host.Name}}
	{{- end}}{{end}}
		ttl 30
		reload 0
		fallthrough
	}
{{- end}}
{{- end -}}
{{define "others"}}
	cache 30 {
		success 2048
		denial 1024
	}
	forward . {{join . " "}} {
		policy sequential
		health_check 1s
		failfast_all_unhealthy_upstreams
		max_concurrent 500
	}
{{- end -}}

{{range $i, $zone := .Zones}}{{if $i}} {{end}}{{$zone}}:{{$.Listen.Port}}{{end}} {
	{{- template "common" .}}
	cluster {{join .Zones " "}} {
		pods insecure
	}
}
{{- range .StubZones}}
{{.Name}}:{{$.Listen.Port}} {
	{{- template "common" $}}
	{{- template "hosts" $.Hosts}}
	{{- template "others" .Servers}}
}
{{- end}}
.:{{.Listen.Port}} {
	{{- template "common" .}}
	{{- template "hosts" .Hosts}}
	cluster {{.Domain}} in-addr.arpa ip6.arpa {
		pods insecure
		fallthrough in-addr.arpa ip6.arpa
	}
{{- if .Upstreams}}{{template "others" .Upstreams}}{{end}}
}
`))

// shortened is how names of Services end that people leave the domain away from, as in web.shop.svc. With the domain
// they are found by the search list; without, they are nowhere, and nobody outside is to answer for them.
const shortened = "svc"

// makeCorefile is pure.
func makeCorefile(o Options, upstreams []string) ([]byte, error) {
	var text bytes.Buffer
	err := corefile.Execute(&text, struct {
		Options
		Zones     []string
		Upstreams []string
	}{o, append([]string{o.Domain, shortened}, o.Reverse...), upstreams})
	if err != nil {
		return nil, fmt.Errorf("cannot write the configuration of CoreDNS: %w", err)
	}
	return text.Bytes(), nil
}
