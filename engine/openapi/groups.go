package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"k8s.io/kube-openapi/pkg/handler3"
)

// groups are the documents of version 3, by the path of their group and version, such as apis/apps/v1.
type groups struct {
	source Source
	making *sync.Mutex
	own    map[string]*document

	mutex  sync.Mutex
	custom map[string]*document // of those that somebody asked for
}

// serveList says where each document is. The address holds a hash, so that clients can keep the document.
func (g *groups) serveList(w http.ResponseWriter, r *http.Request) {
	list := handler3.OpenAPIV3Discovery{Paths: map[string]handler3.OpenAPIV3DiscoveryGroupVersion{}}
	for path, identity := range g.identities() {
		list.Paths[path] = handler3.OpenAPIV3DiscoveryGroupVersion{ServerRelativeURL: address(path, identity)}
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
	identity, found := g.identities()[path]
	if !found {
		http.NotFound(w, r)
		return
	}
	switch r.URL.Query().Get("hash") {
	case "":
	case hash(identity):
		w.Header().Set("Cache-Control", "public, immutable")
		w.Header().Set("Expires", time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat))
	default:
		http.Redirect(w, r, address(path, identity), http.StatusMovedPermanently)
		return
	}
	g.document(path).at(identity).ServeHTTP(w, withoutQuery(r))
}

// identities are those of all documents that there are, by path.
func (g *groups) identities() map[string]string {
	all := g.source.Custom.identities()
	g.forget(all)
	for path := range g.own {
		all[path] = ""
	}
	for path := range all {
		all[path] = g.source.Identity + "\n" + path + "\n" + all[path]
	}
	return all
}

// forget lets go of the documents of what isn't there any more.
func (g *groups) forget(custom map[string]string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	maps.DeleteFunc(g.custom, func(path string, _ *document) bool { return custom[path] == "" })
}

func (g *groups) document(path string) *document {
	if own := g.own[path]; own != nil {
		return own
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.custom[path] == nil {
		g.custom[path] = &document{making: g.making, make: func() http.Handler { return g.source.Custom.makeVersion3(path) }}
	}
	return g.custom[path]
}

// hash is upstream's of the document's content; here it is of what the content comes from, so that the
// list can be answered, as it is at every start, without making all of the documents.
func hash(identity string) string {
	sum := sha256.Sum256([]byte(identity))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func address(path, identity string) string {
	address := url.URL{Path: version3 + "/" + path, RawQuery: url.Values{"hash": {hash(identity)}}.Encode()}
	return address.String()
}

// withoutQuery hides our hash from upstream's handler, which only knows its own.
func withoutQuery(r *http.Request) *http.Request {
	plain := r.Clone(r.Context())
	plain.URL.RawQuery = ""
	return plain
}
