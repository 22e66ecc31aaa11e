package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"k8s.io/kube-openapi/pkg/handler3"
)

// groups are the documents of version 3, by the path of their group and version, such as apis/apps/v1.
type groups struct {
	identity  string
	documents map[string]http.Handler
}

// serveList says where each document is. The address holds a hash, so that clients can keep the document.
func (g *groups) serveList(w http.ResponseWriter, r *http.Request) {
	list := handler3.OpenAPIV3Discovery{Paths: map[string]handler3.OpenAPIV3DiscoveryGroupVersion{}}
	for path := range g.documents {
		list.Paths[path] = handler3.OpenAPIV3DiscoveryGroupVersion{ServerRelativeURL: g.address(path)}
	}
	text, err := json.Marshal(list)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

func (g *groups) serveDocument(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, version3+"/")
	document, found := g.documents[path]
	if !found {
		http.NotFound(w, r)
		return
	}
	switch r.URL.Query().Get("hash") {
	case "":
	case g.hash(path):
		w.Header().Set("Cache-Control", "public, immutable")
		w.Header().Set("Expires", time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat))
	default:
		http.Redirect(w, r, g.address(path), http.StatusMovedPermanently)
		return
	}
	document.ServeHTTP(w, withoutQuery(r))
}

// hash is upstream's of the document's content; here it is of what the content comes from, so that the
// list can be answered, as it is at every start, without making all of the documents.
func (g *groups) hash(path string) string {
	sum := sha256.Sum256([]byte(g.identity + "\n" + path))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func (g *groups) address(path string) string {
	address := url.URL{Path: version3 + "/" + path, RawQuery: url.Values{"hash": {g.hash(path)}}.Encode()}
	return address.String()
}

// withoutQuery hides our hash from upstream's handler, which only knows its own.
func withoutQuery(r *http.Request) *http.Request {
	plain := r.Clone(r.Context())
	plain.URL.RawQuery = ""
	return plain
}
