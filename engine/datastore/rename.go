package datastore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/k3s-io/kine/pkg/server"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
)

// renamePage is how many objects are in memory at once.
const renamePage = 100

// RenameNode gives the one node another name, with all that belongs to it by name: pods, the volumes that are its
// folders, and their claims. Through the API that can't be done: none of these fields may be changed there. So it is
// done before there is an API server. The node comes last: cut short, it is done again. The result is how many objects
// were changed besides the node.
func RenameNode(ctx context.Context, backend server.Backend, from, to string) (moved int, err error) {
	for _, kind := range []string{"pods", "persistentvolumeclaims", "persistentvolumes"} {
		changed, err := changeAll(ctx, backend, "/registry/"+kind+"/", func(object runtime.Object) bool { return rename(object, from, to) })
		moved += changed
		if err != nil {
			return moved, fmt.Errorf("cannot move the %s of node %s: %w", kind, from, err)
		}
	}
	if err := renameObject(ctx, backend, from, to); err != nil {
		return moved, fmt.Errorf("cannot rename the node %s: %w", from, err)
	}
	// The kubelet makes these anew under the new name.
	for _, key := range []string{"/registry/leases/kube-node-lease/" + from, "/registry/csinodes/" + from} {
		if err := remove(ctx, backend, key); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

func changeAll(ctx context.Context, backend server.Backend, prefix string, change func(runtime.Object) bool) (changed int, err error) {
	end := prefix[:len(prefix)-1] + "0" // the character after '/'
	for key := prefix; ; {
		_, page, err := backend.List(ctx, key, end, renamePage, 0, false)
		if err != nil {
			return changed, err
		}
		for _, each := range page {
			key = each.Key + "\x00"
			object, err := decode(each.Value)
			if err != nil || !change(object) { // what can't be read isn't the node's business
				continue
			}
			if err := update(ctx, backend, each, object); err != nil {
				return changed, err
			}
			changed++
		}
		if len(page) < renamePage {
			return changed, nil
		}
	}
}

// renameObject moves the node's object to its new name, with people's labels, taints and annotations. When there is one
// of that name already, the old one only goes.
func renameObject(ctx context.Context, backend server.Backend, from, to string) error {
	_, present, err := backend.Get(ctx, nodePrefix+from, 0, false)
	if err != nil || present == nil {
		return err
	}
	object, err := decode(present.Value)
	if node, isNode := object.(*corev1.Node); err == nil && isNode {
		node.Name = to
		if _, labelled := node.Labels[corev1.LabelHostname]; labelled {
			node.Labels[corev1.LabelHostname] = to
		}
		value, err := encode(node)
		if err != nil {
			return err
		}
		if _, err := backend.Create(ctx, nodePrefix+to, value, 0); err != nil && err != server.ErrKeyExists {
			return err
		}
	}
	return remove(ctx, backend, nodePrefix+from)
}

func removeAll(ctx context.Context, backend server.Backend, prefix string) error {
	_, present, err := backend.List(ctx, prefix, prefix[:len(prefix)-1]+"0", 0, 0, true)
	if err != nil {
		return err
	}
	for _, each := range present {
		if err := remove(ctx, backend, each.Key); err != nil {
			return err
		}
	}
	return nil
}

func remove(ctx context.Context, backend server.Backend, key string) error {
	_, present, err := backend.Get(ctx, key, 0, true)
	if err != nil || present == nil {
		return err
	}
	_, _, _, err = backend.Delete(ctx, key, present.ModRevision)
	return err
}

func update(ctx context.Context, backend server.Backend, present *server.KeyValue, object runtime.Object) error {
	value, err := encode(object)
	if err != nil {
		return err
	}
	_, _, updated, err := backend.Update(ctx, present.Key, value, present.ModRevision, present.Lease)
	if err == nil && !updated {
		err = fmt.Errorf("%s has changed meanwhile", present.Key)
	}
	return err
}

func decode(value []byte) (runtime.Object, error) {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(value, nil, nil)
	return object, err
}

// encode writes an object as the API server does.
func encode(object runtime.Object) ([]byte, error) {
	var text bytes.Buffer
	serializer := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	err := scheme.Codecs.EncoderForVersion(serializer, corev1.SchemeGroupVersion).Encode(object, &text)
	return text.Bytes(), err
}
