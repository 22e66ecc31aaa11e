package components

import (
	"context"
	"fmt"

	"github.com/k3s-io/kine/pkg/server"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/datastore"
	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
)

// SettleName brings the database to its place, and decides by it what the node is called.
func SettleName(ctx context.Context, c *config.Config) error {
	if err := takeOverDatabase(*c); err != nil {
		return err
	}
	if c.RepairDatabase {
		if err := repairDatabase(ctx, c.DatabaseFile()); err != nil {
			return err
		}
	}
	kept := node.ReadName(c.NodeNameFile())
	var registered []string
	if kept == "" {
		var err error
		if registered, err = datastore.Nodes(ctx, c.DatabaseFile()); err != nil {
			return err
		}
	}
	isGiven := c.NodeName != ""
	c.NodeName, c.NodeNameBefore = node.ChooseName(c.NodeName, kept, registered, c.Hostname)
	if !config.IsNodeName(c.NodeName) { // only the host's can be such a one
		return config.BadHostname(c.Hostname)
	}
	if c.NodeName != c.Hostname && !isGiven {
		logs.Line("engine", "the node stays %s, as it registered first, though the host is called %s now", c.NodeName, c.Hostname)
	}
	if c.NodeNameBefore == "" && kept == "" {
		keepName(*c)
	}
	return nil
}

// renameNode moves the state to the name that was asked for, while nobody else has the database.
func renameNode(ctx context.Context, c config.Config, backend server.Backend) error {
	if c.NodeNameBefore == "" {
		return nil
	}
	moved, err := datastore.RenameNode(ctx, backend, c.NodeNameBefore, c.NodeName)
	if err != nil {
		return err
	}
	logs.Line(kine, "the node %s is called %s from now on; %d pods, volumes and claims were moved with it", c.NodeNameBefore, c.NodeName, moved)
	keepName(c)
	return nil
}

// moveServices: the network of Services is another one than that of their addresses.
func moveServices(ctx context.Context, c config.Config, backend server.Backend) error {
	moved, err := datastore.MoveServices(ctx, backend, c.ServiceNetworks())
	if err == nil && moved > 0 {
		logs.Line(kine, "%d Services have addresses in %s from now on; pods know them once they are started again", moved, config.JoinNetworks(c.ServiceNetworks()))
	}
	return err
}

// keepName needn't succeed: until it does, the name is found in the database.
func keepName(c config.Config) {
	if err := durable.Replace(c.NodeNameFile(), []byte(c.NodeName+"\n"), 0o644); err != nil {
		logs.Line("engine", "cannot keep the node's name: %v", err)
	}
}

func takeOverDatabase(c config.Config) error {
	done, err := datastore.TakeOver(c.EarlierDatabase(), c.DatabaseFile())
	if err != nil {
		return fmt.Errorf("cannot take over the database %s: %w", c.EarlierDatabase(), err)
	}
	if done != "" {
		logs.Line(kine, "%s", done)
	}
	return nil
}

func repairDatabase(ctx context.Context, file string) error {
	putAside, err := datastore.Repair(ctx, file)
	if putAside != "" {
		logs.Line(kine, "%s was damaged by its write-ahead log, which is now %s: the newest writes are lost", file, putAside)
	}
	return err
}
