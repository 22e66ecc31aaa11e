package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/containerd/containerd/v2/core/images"
)

// ErrUsage: the command line can't be understood.
var ErrUsage = errors.New("usage: kubesolo images import FILE|- | kubesolo images list")

// Command is `kubesolo images …`.
func Command(ctx context.Context, socket string, args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == "import":
		return importCommand(ctx, socket, args[1], in, out)
	case len(args) == 1 && args[0] == "list":
		return listCommand(ctx, socket, out)
	}
	return ErrUsage
}

func importCommand(ctx context.Context, socket, file string, in io.Reader, out io.Writer) error {
	if file != "-" {
		archive, err := os.Open(file)
		if err != nil {
			return err
		}
		defer archive.Close()
		in = archive
	}
	store, err := Open(socket)
	if err != nil {
		return err
	}
	defer store.Close()
	names, err := store.Import(ctx, in, nil)
	if err != nil {
		return fmt.Errorf("cannot import %s: %w", file, err)
	}
	for _, name := range names {
		fmt.Fprintln(out, name)
	}
	return nil
}

func listCommand(ctx context.Context, socket string, out io.Writer) error {
	store, err := Open(socket)
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := store.List(ctx)
	if err != nil {
		return fmt.Errorf("cannot list images: %w", err)
	}
	slices.SortFunc(all, func(a, b images.Image) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tDIGEST")
	for _, each := range all {
		fmt.Fprintf(table, "%s\t%s\n", each.Name, each.Target.Digest)
	}
	return table.Flush()
}
