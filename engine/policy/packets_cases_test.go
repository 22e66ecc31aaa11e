package policy

const denyAll = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: a}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`

// packetTests run one after the other: the rules go from one to the next as they do on a node. Pods:
// client and web in namespace a, api in b; 10.43.0.1 is a service of web, 10.43.0.2 of api, 10.43.0.10
// of the DNS on the node; port 30080 of the node is web's.
var packetTests = []struct{ name, policies, connections string }{
	{
		name: "everything is allowed without policies",
		connections: `
			client → web     tcp 10.42.0.11:8080    yes
			client → web     udp 10.42.0.11:5353    yes
			client → service tcp 10.43.0.1:80       yes
			web    → itself  tcp 10.43.0.1:80       yes
			web    → api     tcp 10.43.0.2:80       yes
			api    → client  tcp 10.42.0.10:8080    yes
			client → DNS     udp 10.43.0.10:53      yes
			client → node    tcp 192.168.77.1:6443  yes
			client → outside tcp 192.168.77.2:80    yes
			outside → web    tcp 10.42.0.11:8080    yes
			outside → port   tcp 192.168.77.1:30080 yes`,
	},
	{
		name:     "a denied namespace is reached by the node and itself only",
		policies: denyAll,
		connections: `
			client → web     tcp 10.42.0.11:8080    no
			client → web     udp 10.42.0.11:5353    no
			client → service tcp 10.43.0.1:80       no
			client → api     tcp 10.42.0.12:9090    no
			api    → client  tcp 10.42.0.10:8080    no
			api    → service tcp 10.43.0.1:80       no
			api    → outside tcp 192.168.77.2:80    yes
			client → DNS     udp 10.43.0.10:53      no
			client → node    tcp 192.168.77.1:6443  no
			client → node    tcp 10.42.0.1:6443     no
			client → outside tcp 192.168.77.2:80    no
			outside → web    tcp 10.42.0.11:8080    no
			outside → port   tcp 192.168.77.1:30080 no
			web    → itself  tcp 10.42.0.11:8080    yes
			web    → itself  tcp 10.43.0.1:80       yes`,
	},
	{
		name:     "the node reaches its pods, as the kubelet's probes do",
		policies: denyAll,
		connections: `
			node   → web     tcp 10.42.0.11:8080    yes
			node   → web     udp 10.42.0.11:5353    yes
			node   → service tcp 10.43.0.1:80       yes
			node   → client  tcp 10.42.0.10:8080    yes`,
	},
	{
		name: "egress to DNS alone, by its labels",
		policies: denyAll + `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: a}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
`,
		connections: `
			client → DNS     udp 10.43.0.10:53      yes
			client → DNS     tcp 10.43.0.10:53      yes
			client → DNS     udp 10.42.0.1:53       yes
			client → node    tcp 10.42.0.1:6443     no
			client → node    tcp 192.168.77.1:6443  no
			client → web     tcp 10.42.0.11:8080    no`,
	},
	{
		name: "everything in the cluster is not all of the node",
		policies: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cluster, namespace: a}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}
`,
		connections: `
			client → web     tcp 10.42.0.11:8080    yes
			client → service tcp 10.43.0.2:80       yes
			client → DNS     tcp 10.43.0.10:53      yes
			client → node    tcp 10.42.0.1:6443     no
			client → outside tcp 192.168.77.2:80    no`,
	},
	{
		name: "ingress by pod, by namespace, and by both",
		policies: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: client}}}]
      ports: [{port: 8080}]
    - from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: api}}}]
      ports: [{port: 8181}]
    - from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: client}}}]
`,
		connections: `
			client → web     tcp 10.42.0.11:8080    yes
			client → service tcp 10.43.0.1:80       yes
			client → web     tcp 10.42.0.11:8181    no
			api    → web     tcp 10.42.0.11:8181    yes
			api    → web     tcp 10.42.0.11:8080    no
			api    → service tcp 10.43.0.1:80       no
			web    → client  tcp 10.42.0.10:8080    yes
			outside → web    tcp 10.42.0.11:8080    no`,
	},
	{
		name: "blocks with exceptions, seen through a port of the node",
		policies: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.77.3/32]}}, {ipBlock: {cidr: 10.42.0.12/32}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client, namespace: a}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.168.77.3/32, 10.42.0.0/24]}}]}]
`,
		connections: `
			outside → web    tcp 10.42.0.11:8080    yes
			outside → port   tcp 192.168.77.1:30080 yes
			api    → web     tcp 10.42.0.11:8080    yes
			client → web     tcp 10.42.0.11:8080    no
			client → outside tcp 192.168.77.2:80    yes
			client → outside tcp 192.168.77.3:80    no
			client → api     tcp 10.43.0.2:80       no`,
	},
	{
		name: "ports by name, number and range, and protocols",
		policies: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{ports: [{port: web}, {port: 8190, endPort: 8199}, {protocol: UDP, port: 5353}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client, namespace: a}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress: [{ports: [{port: web}, {protocol: UDP}, {port: 8190, endPort: 8200}]}]
`,
		connections: `
			client → web     tcp 10.42.0.11:8080    yes
			client → web     tcp 10.42.0.11:8181    no
			client → web     tcp 10.42.0.11:8199    yes
			client → web     udp 10.42.0.11:5353    yes
			client → api     tcp 10.42.0.12:9090    yes
			client → api     tcp 10.43.0.2:80       yes
			client → api     tcp 10.42.0.12:9091    no
			api    → web     tcp 10.42.0.11:8181    no`,
	},
	{
		name: "both sides must agree",
		policies: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: b}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: a}
spec:
  podSelector: {matchLabels: {app: client}}
  egress: [{to: [{namespaceSelector: {matchLabels: {team: blue}}}], ports: [{port: 9090}]}]
  policyTypes: [Egress]
`,
		connections: `
			client → api     tcp 10.42.0.12:9090    yes
			client → api     tcp 10.42.0.12:9091    no
			web    → api     tcp 10.42.0.12:9091    yes
			api    → web     tcp 10.42.0.11:8080    yes
			outside → api    tcp 10.42.0.12:9090    no
			client → web     tcp 10.42.0.11:8080    no`,
	},
	{
		name: "everything is allowed again without policies",
		connections: `
			client → web     tcp 10.42.0.11:8080    yes
			outside → port   tcp 192.168.77.1:30080 yes
			client → node    tcp 192.168.77.1:6443  yes`,
	},
}
