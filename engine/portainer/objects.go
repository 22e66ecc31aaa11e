// Package portainer keeps the Portainer Edge agent running, by which a Portainer server reaches a node
// behind a firewall. Names of objects and variables are those of Portainer's own manifest for Kubernetes,
// so that its server recognizes the agent and can update it.
package portainer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"kubesolo-os/engine/config"
)

const (
	namespace     = "portainer"
	agent         = "portainer-agent"
	configuration = "portainer-agent-edge"
	keySecret     = "portainer-agent-edge-key"
	keyName       = "edge.key"
	account       = "portainer-sa-clusteradmin"
	binding       = "portainer-crb-clusteradmin"

	// fingerprintNote says from which settings the agent was made. Without it, it is somebody else's.
	fingerprintNote = "kubesolo-os/portainer-settings"
)

// fingerprint is the same for the same settings, and doesn't tell the key. Pure.
func fingerprint(settings config.Portainer) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %v %q", settings.EdgeID, settings.EdgeKey, settings.Async, settings.Image))
	return hex.EncodeToString(sum[:8])
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: namespace}
}

func labels() map[string]string { return map[string]string{"app": agent} }

func environment(settings config.Portainer) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: meta(configuration), Data: map[string]string{
		"EDGE_ID":    settings.EdgeID,
		"EDGE_ASYNC": map[bool]string{true: "1", false: "0"}[settings.Async],
		// As KubeSolo does: a Portainer server mostly has a certificate of its own making.
		"EDGE_INSECURE_POLL": "1",
	}}
}

func secret(settings config.Portainer) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: meta(keySecret), Data: map[string][]byte{keyName: []byte(settings.EdgeKey)}}
}

func serviceAccount() *corev1.ServiceAccount {
	return &corev1.ServiceAccount{ObjectMeta: meta(account)}
}

// clusterRoleBinding: whoever holds the Portainer server administers the node.
func clusterRoleBinding() *rbacv1.ClusterRoleBinding {
	return &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: binding},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: account, Namespace: namespace}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
	}
}

func service() *corev1.Service {
	return &corev1.Service{ObjectMeta: meta(agent), Spec: corev1.ServiceSpec{
		ClusterIP: corev1.ClusterIPNone,
		Selector:  labels(),
		Ports:     []corev1.ServicePort{{Name: "edge", Port: 9001}, {Name: "http", Port: 80}},

		PublishNotReadyAddresses: true,
	}}
}

func deployment(settings config.Portainer) *appsv1.Deployment {
	note := map[string]string{fingerprintNote: fingerprint(settings)}
	result := &appsv1.Deployment{ObjectMeta: meta(agent), Spec: appsv1.DeploymentSpec{
		Replicas: ptr.To[int32](1),
		Selector: &metav1.LabelSelector{MatchLabels: labels()},
		// Two agents with one identity would take turns at the server.
		Strategy: appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType},
		Template: corev1.PodTemplateSpec{
			// On the pods, too: other settings must start them again.
			ObjectMeta: metav1.ObjectMeta{Labels: labels(), Annotations: note},
			Spec: corev1.PodSpec{
				ServiceAccountName: account,
				Containers:         []corev1.Container{container(settings.Image)},
			},
		},
	}}
	result.Annotations = note
	return result
}

func container(image string) corev1.Container {
	return corev1.Container{
		Name:  agent,
		Image: image,
		// Not Always: the image may have come from an archive, and the node be offline.
		ImagePullPolicy: corev1.PullIfNotPresent,
		Ports:           []corev1.ContainerPort{{ContainerPort: 9001}, {ContainerPort: 80}},
		EnvFrom: []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: configuration},
		}}},
		Env: []corev1.EnvVar{
			{Name: "LOG_LEVEL", Value: "INFO"},
			{Name: "EDGE", Value: "1"},
			{Name: "AGENT_CLUSTER_ADDR", Value: agent},
			{Name: "KUBERNETES_POD_IP", ValueFrom: &corev1.EnvVarSource{
				FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"},
			}},
			{Name: "EDGE_KEY", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: keySecret}, Key: keyName,
			}}},
		},
	}
}
