package datastore

import "net/url"

// Location names a database file for its driver, which takes URIs (https://www.sqlite.org/uri.html): in a path as it
// is, '?', '#' and '%' would mean something else. Pure.
func Location(file, options string) string { return "file://" + KineLocation(file, options) }

// KineLocation is the same for kine, which makes a URI of what it is given by putting "file://" before it (kine
// v0.17.5, pkg/drivers/sqlite/sqlite_nocgo.go, translateDSN). Pure.
func KineLocation(file, options string) string {
	return (&url.URL{Path: file}).EscapedPath() + "?" + options
}
