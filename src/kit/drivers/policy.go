package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	admission "k8s.io/api/admission/v1"
	registration "k8s.io/api/admissionregistration/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	configuration "k8s.io/client-go/applyconfigurations/admissionregistration/v1"
	applymeta "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/util/cert"
)

// The policy engine is asked before anything is written outside of its own namespace, and refuses what has this label.
const (
	policyName   = "policy-engine.example.com"
	refusedLabel = "policy-engine.example.com/refuse"
)

// enforcePolicy serves the webhook, with a certificate made at each start, and then has the API server ask it.
func enforcePolicy(ctx context.Context) error {
	namespace := os.Getenv("NAMESPACE")
	certificate, key, err := cert.GenerateSelfSignedCertKey("policy-engine."+namespace+".svc", nil, nil)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("POST /validate", review)
	server := &http.Server{Addr: ":8443", Handler: routes, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		for ctx.Err() == nil {
			err := askHere(ctx, namespace, certificate)
			if err == nil {
				fmt.Println("asked from now on")
				return
			}
			fmt.Println(err)
			time.Sleep(time.Second)
		}
	}()
	return server.ListenAndServeTLS("", "")
}

// askHere makes or changes the webhook's configuration, which no webhook is asked about.
func askHere(ctx context.Context, namespace string, authority []byte) error {
	cluster, err := ownCluster()
	if err != nil {
		return err
	}
	elsewhere := applymeta.LabelSelector().WithMatchExpressions(applymeta.LabelSelectorRequirement().
		WithKey("kubernetes.io/metadata.name").WithOperator(meta.LabelSelectorOpNotIn).WithValues(namespace))
	service := configuration.ServiceReference().WithNamespace(namespace).WithName("policy-engine").WithPath("/validate")
	hook := configuration.ValidatingWebhook().
		WithName(policyName).
		WithAdmissionReviewVersions("v1").
		WithSideEffects(registration.SideEffectClassNone).
		WithFailurePolicy(registration.Fail).
		WithClientConfig(configuration.WebhookClientConfig().WithService(service).WithCABundle(authority...)).
		WithNamespaceSelector(elsewhere).
		WithRules(configuration.RuleWithOperations().WithOperations(registration.OperationAll).
			WithAPIGroups("*").WithAPIVersions("*").WithResources("*/*"))
	all := configuration.ValidatingWebhookConfiguration(policyName).WithWebhooks(hook)
	options := meta.ApplyOptions{FieldManager: policyName, Force: true}
	_, err = cluster.AdmissionregistrationV1().ValidatingWebhookConfigurations().Apply(ctx, all, options)
	return err
}

func review(w http.ResponseWriter, r *http.Request) {
	var asked admission.AdmissionReview
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Request == nil {
		http.Error(w, "no review", http.StatusBadRequest)
		return
	}
	asked.Response = &admission.AdmissionResponse{UID: asked.Request.UID, Allowed: true}
	var object meta.PartialObjectMetadata
	if json.Unmarshal(asked.Request.Object.Raw, &object) == nil && object.Labels[refusedLabel] != "" {
		asked.Response.Allowed = false
		asked.Response.Result = &meta.Status{Message: "its label says so"}
	}
	asked.Request = nil
	_ = json.NewEncoder(w).Encode(asked)
}
