package datastore

import (
	"fmt"
	"strings"

	"github.com/k3s-io/kine/pkg/drivers/generic"
	"github.com/k3s-io/kine/pkg/query"
)

// valueBefore is of the revision before this one: kine keeps its row for as long as anybody may be told of this one
// (kine v0.17.5, pkg/logstructured/sqllog/sql.go, After: what was compacted is no value before).
const valueBefore = ", (SELECT prior.value FROM kine AS prior WHERE prior.id = kine.prev_revision) AS old_value"

// KeepOnce has kine write each value once. It would write it with the next revision again, as the value before, and keep that
// with the object for good: twice the writes for an update, and twice the file.
func KeepOnce(tables *generic.Generic) error {
	written := "SELECT " + generic.WithOldVal + " FROM kine"
	found := "SELECT " + generic.WithVal + valueBefore + " FROM kine"
	for _, change := range []struct {
		of       **query.Named
		from, to string
	}{
		{&tables.InsertSQL, ", (SELECT value FROM ikv)", ", NULL"},
		{&tables.AfterOldValSQL, written, found},
		{&tables.AfterAllOldValSQL, written, found},
		{&tables.AfterSingleOldValSQL, written, found},
	} {
		if number := strings.Count((*change.of).Query, change.from); number != 1 {
			return fmt.Errorf("kine's statement %s has changed: %q is there %d times", (*change.of).Name, change.from, number)
		}
		*change.of = &query.Named{Name: (*change.of).Name, Query: strings.Replace((*change.of).Query, change.from, change.to, 1)}
	}
	return nil
}
