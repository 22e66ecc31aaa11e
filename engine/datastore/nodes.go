package datastore

import (
	"context"
	"database/sql"
	"os"
	"strings"
)

// nodePrefix is where the API server keeps nodes, by the name that they had in 2014.
const nodePrefix, nodeEnd = "/registry/minions/", "/registry/minions0"

// Nodes are the names of the nodes in a file that nobody has open, first the one that was written to last. No file has none.
func Nodes(ctx context.Context, file string) (names []string, err error) {
	if status, err := os.Stat(file); os.IsNotExist(err) || err == nil && status.Size() == 0 {
		return nil, nil
	}
	database, err := sql.Open("sqlite", Location(file, "mode=ro&_pragma=busy_timeout(5000)"))
	if err != nil {
		return nil, err
	}
	defer database.Close()
	const question = `SELECT name FROM kine WHERE id IN (SELECT MAX(id) FROM kine WHERE name >= ? AND name < ? GROUP BY name)
		AND NOT deleted ORDER BY id DESC`
	rows, err := database.QueryContext(ctx, question, nodePrefix, nodeEnd)
	if err != nil {
		if strings.Contains(err.Error(), "no such table") { // its first start was cut off
			return nil, nil
		}
		return nil, explain(file, err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, explain(file, err)
		}
		names = append(names, strings.TrimPrefix(key, nodePrefix))
	}
	return names, explain(file, rows.Err())
}
