package openapi

import (
	"net/http"
	"strings"
	"testing"

	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func definition(kind, group, resourceVersion string, versions ...string) *extensions.CustomResourceDefinition {
	plural := strings.ToLower(kind) + "s"
	made := &extensions.CustomResourceDefinition{
		ObjectMeta: meta.ObjectMeta{Name: plural + "." + group, ResourceVersion: resourceVersion},
		Spec: extensions.CustomResourceDefinitionSpec{
			Group: group, Scope: extensions.ClusterScoped,
			Names: extensions.CustomResourceDefinitionNames{Kind: kind, ListKind: kind + "List", Plural: plural},
		},
		Status: extensions.CustomResourceDefinitionStatus{Conditions: []extensions.CustomResourceDefinitionCondition{
			{Type: extensions.Established, Status: extensions.ConditionTrue},
		}},
	}
	for _, name := range versions {
		schema := &extensions.CustomResourceValidation{OpenAPIV3Schema: &extensions.JSONSchemaProps{
			Type: "object", Description: kind + " at " + resourceVersion,
		}}
		made.Spec.Versions = append(made.Spec.Versions, extensions.CustomResourceDefinitionVersion{
			Name: name, Served: true, Storage: name == versions[0], Schema: schema,
		})
	}
	return made
}

func serveCustom(there *[]*extensions.CustomResourceDefinition) http.Handler {
	source := source()
	source.Custom = func() ([]*extensions.CustomResourceDefinition, error) { return *there, nil }
	return serve(source)
}

func TestCustomResourcesAreDescribedAsTheyAreNow(t *testing.T) {
	withdrawn := definition("Withdrawn", "b.example", "2", "v1")
	withdrawn.Spec.Versions[0].Served = false
	unestablished := definition("Early", "c.example", "3", "v1")
	unestablished.Status.Conditions = nil
	there := []*extensions.CustomResourceDefinition{
		definition("Thing", "a.example", "1", "v1", "v1beta1"), definition("Other", "a.example", "4", "v1"), withdrawn, unestablished,
	}
	served := serveCustom(&there)
	before := addresses(t, served)
	for _, path := range []string{"apis/a.example/v1", "apis/a.example/v1beta1", "apis/apps/v1"} {
		if answer := get(served, before[path].ServerRelativeURL); answer.Code != http.StatusOK {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
	if len(before) != 4 {
		t.Errorf("listed: %v", before)
	}
	whole := get(served, "/openapi/v3/apis/a.example/v1").Body.String()
	if !strings.Contains(whole, "Thing at 1") || !strings.Contains(whole, "Other at 4") {
		t.Error(whole)
	}
	if whole := get(served, "/openapi/v2").Body.String(); !strings.Contains(whole, "Other at 4") || !strings.Contains(whole, "/apis/apps/v1/things") {
		t.Error(whole)
	}

	there[1] = definition("Other", "a.example", "5", "v1")
	after := addresses(t, served)
	for path, isAnother := range map[string]bool{"apis/a.example/v1": true, "apis/a.example/v1beta1": false, "apis/apps/v1": false} {
		if (before[path] != after[path]) != isAnother {
			t.Errorf("%s: %v, then %v", path, before[path], after[path])
		}
	}
	old := get(served, before["apis/a.example/v1"].ServerRelativeURL)
	if to := old.Header().Get("Location"); old.Code != http.StatusMovedPermanently || to != after["apis/a.example/v1"].ServerRelativeURL {
		t.Errorf("%d to %q", old.Code, to)
	}
	for _, path := range []string{after["apis/a.example/v1"].ServerRelativeURL, "/openapi/v2"} {
		if whole := get(served, path).Body.String(); strings.Contains(whole, "Other at 4") || !strings.Contains(whole, "Other at 5") {
			t.Errorf("%s: %s", path, whole)
		}
	}

	there = there[2:]
	if code := get(served, "/openapi/v3/apis/a.example/v1").Code; code != http.StatusNotFound {
		t.Errorf("removed: %d", code)
	}
	if whole := get(served, "/openapi/v2").Body.String(); strings.Contains(whole, "a.example") {
		t.Error(whole)
	}
}

func TestWhatIsRemovedIsNotKept(t *testing.T) {
	there := []*extensions.CustomResourceDefinition{definition("Thing", "a.example", "1", "v1")}
	source := source()
	source.Custom = func() ([]*extensions.CustomResourceDefinition, error) { return there, nil }
	groups := &groups{source: source, custom: map[string]*document{}}
	kept := groups.document("apis/a.example/v1")
	if groups.identities(); groups.custom["apis/a.example/v1"] != kept {
		t.Error("let go of what is there")
	}
	there = nil
	if groups.identities(); len(groups.custom) > 0 {
		t.Errorf("kept: %v", groups.custom)
	}
}

func TestWhatCannotBeDescribedIsServed(t *testing.T) {
	unstructured := definition("Loose", "a.example", "1", "v1")
	unstructured.Spec.Versions[0].Schema.OpenAPIV3Schema = &extensions.JSONSchemaProps{Type: "nothing"}
	there := []*extensions.CustomResourceDefinition{unstructured, definition("Thing", "a.example", "2", "v1")}
	served := serveCustom(&there)
	for _, path := range []string{"/openapi/v3/apis/a.example/v1", "/openapi/v2"} {
		if answer := get(served, path); answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "Thing at 2") {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
}
