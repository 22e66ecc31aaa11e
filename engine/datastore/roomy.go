package datastore

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"github.com/k3s-io/kine/pkg/server"
	"golang.org/x/sys/unix"
)

// roomToCompact is what one compaction may write to the log before it is through.
const roomToCompact = 16 << 20

var errNoRoom = errors.New("there is not enough room on the disk to compact the database")

// Roomy begins to compact only when there is room for it: kine takes a compaction that can't be committed for
// the end of everything, and ends the process. It is told from other transactions by its isolation.
type Roomy struct {
	server.Dialect
	File string
}

func (r Roomy) BeginTx(ctx context.Context, options *sql.TxOptions) (server.Transaction, error) {
	if options == nil || options.Isolation != sql.LevelSerializable {
		return r.Dialect.BeginTx(ctx, options)
	}
	if !hasRoom(r.File) {
		return nil, errNoRoom
	}
	return r.Dialect.BeginTx(ctx, options)
}

// hasRoom says whether the disk of a file has some to spare; also when that can't be found out.
func hasRoom(file string) bool {
	var disk unix.Statfs_t
	err := unix.Statfs(filepath.Dir(file), &disk)
	return err != nil || disk.Bfree*uint64(disk.Bsize) >= roomToCompact
}
