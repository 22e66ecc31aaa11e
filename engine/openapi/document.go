package openapi

import (
	"net/http"
	"sync"
	"time"
)

// keptFor is longer than a client's questions are apart that belong together. All documents of Kubernetes' own APIs hold some 50 MB.
const keptFor = 10 * time.Minute

// document is made when somebody asks for it, made anew when what it comes from has changed since, and let go of when
// nobody has asked for a while.
type document struct {
	make   func() http.Handler
	making *sync.Mutex // one at a time: the makers share what they are made from

	mutex    sync.Mutex
	made     http.Handler // or nil
	identity string       // what it was made from
	forget   *time.Timer
}

// at is the document of what has this identity now.
func (d *document) at(identity string) http.Handler {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.forget == nil {
		d.forget = time.AfterFunc(keptFor, d.letGo)
	} else {
		d.forget.Reset(keptFor)
	}
	if d.made == nil || d.identity != identity {
		d.making.Lock()
		defer d.making.Unlock()
		d.made, d.identity = d.make(), identity
	}
	return d.made
}

func (d *document) letGo() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.made = nil
}
