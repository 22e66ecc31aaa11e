package usage

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/metrics/pkg/apis/metrics"
)

// ReadersRole lets who may view a namespace's objects see what its pods use. Upstream leaves it to who installs the API; the name isn't
// metrics-server's, which people may install and remove.
func ReadersRole() *rbacv1.ClusterRole {
	const aggregate = "rbac.authorization.k8s.io/aggregate-to-"
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{
			Name:   "kubesolo:metrics-reader",
			Labels: map[string]string{aggregate + "view": "true", aggregate + "edit": "true", aggregate + "admin": "true"},
		},
		Rules: []rbacv1.PolicyRule{{
			Verbs: []string{"get", "list"}, APIGroups: []string{metrics.GroupName}, Resources: []string{"pods", "nodes"},
		}},
	}
}
