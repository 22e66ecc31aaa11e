package components

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/k3s-io/kine/pkg/server"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/kubernetes"
	"go.etcd.io/etcd/server/v3/proxy/grpcproxy/adapter"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	_ "k8s.io/apiserver/pkg/storage/storagebackend/factory" // owns newETCD3Client
)

// storageURL satisfies the API server's flags and its metrics; nothing ever connects to it.
const storageURL = "unix:///run/kubesolo/in-process"

// storage connects the API server to kine by function calls. With gRPC there would be a connection for
// each of about 70 resources: 0.3 CPU-seconds at every start and 15 MB more memory.
type storage struct {
	bridge atomic.Pointer[server.KVServerBridge]
}

// newETCD3Client is how the API server makes its clients: a variable, because its own tests replace it.
// Should it be renamed upstream, then storageURL is dialled, and the engine doesn't start.
//
//go:linkname newETCD3Client k8s.io/apiserver/pkg/storage/storagebackend/factory.newETCD3Client
var newETCD3Client func(storagebackend.TransportConfig) (*kubernetes.Client, error)

// install makes all later storage clients of the API server use kine directly.
func (s *storage) install() {
	newETCD3Client = func(transport storagebackend.TransportConfig) (*kubernetes.Client, error) {
		return s.newClient(transport.ServerList), nil
	}
}

// newClient makes one client object a call, because callers close theirs.
func (s *storage) newClient(endpoints []string) *kubernetes.Client {
	bridge := s.bridge.Load()
	client := clientv3.NewCtxClient(context.Background())
	client.KV = clientv3.NewKVFromKVClient(adapter.KvServerToKvClient(bridge), client)
	client.Lease = clientv3.NewLeaseFromLeaseClient(adapter.LeaseServerToLeaseClient(bridge), client, time.Second)
	client.Watcher = clientv3.NewWatchFromWatchClient(adapter.WatchServerToWatchClient(bridge), client)
	client.Maintenance = clientv3.NewMaintenanceFromMaintenanceClient(adapter.MaintenanceServerToMaintenanceClient(bridge), client)
	client.Cluster = clientv3.NewClusterFromClusterClient(adapter.ClusterServerToClusterClient(bridge), client)
	setEndpoints(client, endpoints)
	result := &kubernetes.Client{Client: client}
	result.Kubernetes = result
	return result
}

// setEndpoints fills a private field that has no setter without a connection. The API server asks each
// endpoint whether it can report watch progress; with none it gives up consistent reads from its cache.
func setEndpoints(client *clientv3.Client, endpoints []string) {
	field := reflect.ValueOf(client).Elem().FieldByName("endpoints")
	*(*[]string)(unsafe.Pointer(field.UnsafeAddr())) = endpoints
}
