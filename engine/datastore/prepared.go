package datastore

import (
	"context"
	"database/sql/driver"
	"regexp"
)

// connection is what the driver must offer; modernc.org/sqlite does.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// statement likewise.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// Prepared makes connections that keep their statements: database/sql prepares a query each time it is asked, and
// for SQLite that takes longer than to answer it. Queries whose text is new each time are not for it: it never
// forgets one.
type Prepared struct{ driver.Connector }

// Connect opens a connection.
func (p Prepared) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{connection: opened.(connection), statements: map[string]*kept{}}, nil
}

// conn is used by one goroutine at a time (database/sql sees to it).
type conn struct {
	connection
	statements map[string]*kept
}

// kept is a statement that stays open until its connection closes.
type kept struct {
	statement
	busy bool // its rows are still being read
}

// QueryContext runs a query; its statement is busy until the rows are closed.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	prepared, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	if prepared.busy {
		return c.connection.QueryContext(ctx, query, args)
	}
	result, err := prepared.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	prepared.busy = true
	return &keptRows{Rows: result, of: prepared}, nil
}

// ExecContext runs a statement without rows.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	prepared, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	if prepared.busy {
		return c.connection.ExecContext(ctx, query, args)
	}
	return prepared.ExecContext(ctx, args)
}

func (c *conn) prepare(ctx context.Context, query string) (*kept, error) {
	if prepared, found := c.statements[query]; found {
		return prepared, nil
	}
	opened, err := c.connection.PrepareContext(ctx, keepPlan(query))
	if err != nil {
		return nil, err
	}
	prepared := &kept{statement: opened.(statement)}
	c.statements[query] = prepared
	return prepared, nil
}

// comparison with a parameter.
var comparison = regexp.MustCompile(`([=<>]) \?`)

// keepPlan hides the values of parameters from SQLite's planner. It plans with those that it can see, and so a
// prepared statement anew each time that one is bound: that took several times as long as to carry kine's statements
// out. The plan is the same with a value that comes out of a subquery. Pure.
func keepPlan(query string) string {
	return comparison.ReplaceAllString(query, "$1 (SELECT ?)")
}

// Close closes the statements before their connection.
func (c *conn) Close() error {
	for _, prepared := range c.statements {
		prepared.Close()
	}
	return c.connection.Close()
}

type keptRows struct {
	driver.Rows
	of *kept
}

func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
