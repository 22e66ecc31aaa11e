package datastore

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	volumehelpers "k8s.io/component-helpers/storage/volume"
)

// rename changes where an object says the node's name, and tells whether it did. Pure, but for the object.
func rename(object runtime.Object, from, to string) (changed bool) {
	switch object := object.(type) {
	case *corev1.Pod:
		return renameInPod(object, from, to)
	case *corev1.PersistentVolume:
		if affinity := object.Spec.NodeAffinity; affinity != nil && affinity.Required != nil {
			return renameInTerms(affinity.Required.NodeSelectorTerms, from, to)
		}
	case *corev1.PersistentVolumeClaim:
		if object.Annotations[volumehelpers.AnnSelectedNode] == from {
			object.Annotations[volumehelpers.AnnSelectedNode] = to
			return true
		}
	}
	return false
}

// renameInPod leaves alone what is on no node, or on another one: somebody else's, which only looks like a node.
func renameInPod(pod *corev1.Pod, from, to string) bool {
	if pod.Spec.NodeName != from {
		return false
	}
	pod.Spec.NodeName = to
	if pod.Spec.NodeSelector[corev1.LabelHostname] == from {
		pod.Spec.NodeSelector[corev1.LabelHostname] = to
	}
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.NodeAffinity == nil {
		return true
	}
	affinity := pod.Spec.Affinity.NodeAffinity
	if required := affinity.RequiredDuringSchedulingIgnoredDuringExecution; required != nil {
		renameInTerms(required.NodeSelectorTerms, from, to)
	}
	for i := range affinity.PreferredDuringSchedulingIgnoredDuringExecution {
		renameInTerm(&affinity.PreferredDuringSchedulingIgnoredDuringExecution[i].Preference, from, to)
	}
	return true
}

func renameInTerms(terms []corev1.NodeSelectorTerm, from, to string) (changed bool) {
	for i := range terms {
		changed = renameInTerm(&terms[i], from, to) || changed
	}
	return changed
}

// renameInTerm: a DaemonSet's pods ask for the node by its field, all else by its label.
func renameInTerm(term *corev1.NodeSelectorTerm, from, to string) (changed bool) {
	for _, each := range []struct {
		key          string
		requirements []corev1.NodeSelectorRequirement
	}{{corev1.LabelHostname, term.MatchExpressions}, {"metadata.name", term.MatchFields}} {
		for _, requirement := range each.requirements {
			for i, value := range requirement.Values {
				if requirement.Key == each.key && value == from {
					requirement.Values[i] = to
					changed = true
				}
			}
		}
	}
	return changed
}
