package components

import (
	"context"
	"errors"
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/k3s-io/kine/pkg/server"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/kubernetes"
	"go.etcd.io/etcd/server/v3/proxy/grpcproxy/adapter"
	"k8s.io/apiserver/pkg/storage/etcd3"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	_ "k8s.io/apiserver/pkg/storage/storagebackend/factory" // owns newETCD3Client

	"kubesolo-os/engine/datastore"
)

// databaseURL satisfies the API server's flags and its metrics; nothing ever connects to it.
const databaseURL = "unix:///run/kubesolo/in-process"

// bridge connects the API server to kine by function calls. With gRPC there would be a connection for
// each of about 70 resources: 0.3 CPU-seconds at every start and 15 MB more memory.
type bridge struct {
	guard atomic.Pointer[datastore.Guard]
	kine  atomic.Pointer[server.KVServerBridge]
	// What tells the API server's caches which revisions are gone.
	compactor atomic.Pointer[compactor]
}

type compactor interface{ UpdateCompactRevision(revision int64) }

func (b *bridge) open(guard *datastore.Guard) {
	b.guard.Store(guard)
	b.kine.Store(server.New(guard, "unix", notifyInterval, emulatedEtcd))
}

func (b *bridge) checkReady(context.Context) error {
	if b.kine.Load() == nil {
		return errors.New("the database is not open yet")
	}
	return b.guard.Load().Ready()
}

// newETCD3Client is how the API server makes its clients: a variable, because its own tests replace it.
// Should it be renamed upstream, then databaseURL is dialled, and the engine doesn't start.
//
//go:linkname newETCD3Client k8s.io/apiserver/pkg/storage/storagebackend/factory.newETCD3Client
var newETCD3Client func(storagebackend.TransportConfig) (*kubernetes.Client, error)

// install makes all later storage clients of the API server use kine directly. It makes the API server's compactor, too, one
// that never compacts: kine does, and the API server takes the one that is there for its endpoint.
func (b *bridge) install() {
	newETCD3Client = func(transport storagebackend.TransportConfig) (*kubernetes.Client, error) {
		return b.newClient(transport.ServerList), nil
	}
	var made compactor = etcd3.StartCompactorPerEndpoint(b.newClient([]string{databaseURL}).Client, 0)
	b.compactor.Store(&made)
}

// tellCompacted has the API server forget what kine has forgotten: its caches would answer for old revisions all the same.
func (b *bridge) tellCompacted(revision int64) {
	if made := b.compactor.Load(); made != nil {
		(*made).UpdateCompactRevision(revision)
	}
}

// newClient makes one client object a call, because callers close theirs.
func (b *bridge) newClient(endpoints []string) *kubernetes.Client {
	backend := b.kine.Load()
	client := clientv3.NewCtxClient(context.Background())
	client.KV = clientv3.NewKVFromKVClient(adapter.KvServerToKvClient(backend), client)
	client.Lease = clientv3.NewLeaseFromLeaseClient(adapter.LeaseServerToLeaseClient(backend), client, time.Second)
	client.Watcher = clientv3.NewWatchFromWatchClient(adapter.WatchServerToWatchClient(backend), client)
	client.Maintenance = clientv3.NewMaintenanceFromMaintenanceClient(adapter.MaintenanceServerToMaintenanceClient(backend), client)
	client.Cluster = clientv3.NewClusterFromClusterClient(adapter.ClusterServerToClusterClient(backend), client)
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
