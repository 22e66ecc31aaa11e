package openapi

import (
	"net/http"
	"sync"
	"time"
)

// keptFor is longer than a client's questions are apart that belong together. All documents hold some 50 MB.
const keptFor = 10 * time.Minute

// document is made when somebody asks for it, and let go of when nobody has for a while.
type document struct {
	make   func() http.Handler
	making *sync.Mutex // one at a time: the makers share what they are made from

	mutex  sync.Mutex
	made   http.Handler // or nil
	forget *time.Timer
}

func (d *document) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.get().ServeHTTP(w, r) }

func (d *document) get() http.Handler {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.made != nil {
		d.forget.Reset(keptFor)
		return d.made
	}
	d.making.Lock()
	defer d.making.Unlock()
	d.made = d.make()
	d.forget = time.AfterFunc(keptFor, d.letGo)
	return d.made
}

func (d *document) letGo() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.made = nil
}
