package images

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/identity"
)

// stored is one image with all of its names: containerd keeps a record for each, also for its digest
// and for the identifier that the kubelet uses.
type stored struct {
	digest      digest.Digest
	names       []string // sorted
	isPinned    bool
	isPreloaded bool // from an archive that is read at each start
}

// group puts together the records of one image. Pure.
func group(records []images.Image) []stored {
	byDigest := map[digest.Digest]*stored{}
	for _, record := range records {
		found := byDigest[record.Target.Digest]
		if found == nil {
			found = &stored{digest: record.Target.Digest}
			byDigest[record.Target.Digest] = found
		}
		found.names = append(found.names, record.Name)
		found.isPinned = found.isPinned || record.Labels[pinnedLabel] == pinned
		found.isPreloaded = found.isPreloaded || record.Labels[fingerprintLabel] != ""
	}
	result := make([]stored, 0, len(byDigest))
	for _, each := range byDigest {
		slices.Sort(each.names)
		result = append(result, *each)
	}
	slices.SortFunc(result, func(a, b stored) int { return cmp.Compare(a.title(), b.title()) })
	return result
}

// title is the image's names as people wrote them; its digest when it has none left. Pure.
func (s stored) title() string {
	if tags := s.tags(); len(tags) > 0 {
		return strings.Join(tags, ",")
	}
	return s.names[0]
}

func (s stored) tags() []string {
	return slices.DeleteFunc(slices.Clone(s.names), func(name string) bool { return !isTag(name) })
}

func listCommand(ctx context.Context, socket string, _ io.Reader, out io.Writer) error {
	store, err := Open(socket)
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := store.List(ctx)
	if err != nil {
		return fmt.Errorf("cannot list images: %w", err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSIZE\tPINNED\tDIGEST")
	for _, each := range group(all) {
		bytes, err := store.unpackedBytes(ctx, each)
		if err != nil {
			return fmt.Errorf("cannot read the size of %s: %w", each.title(), err)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", each.title(), humanBytes(bytes), map[bool]string{true: "yes", false: "no"}[each.isPinned], each.digest)
	}
	return table.Flush()
}

// unpackedBytes is what the image's layers take on the disk; images may share them.
func (s *Store) unpackedBytes(ctx context.Context, image stored) (total int64, err error) {
	ctx = inNamespace(ctx)
	record, err := s.client.ImageService().Get(ctx, image.names[0])
	if err != nil {
		return 0, err
	}
	layers, err := client.NewImage(s.client, record).RootFS(ctx)
	if err != nil {
		return 0, err
	}
	for _, chain := range identity.ChainIDs(layers) {
		// A layer that isn't there takes nothing: of an image that is being unpacked or removed.
		if usage, err := s.client.SnapshotService(snapshotter).Usage(ctx, chain.String()); err == nil {
			total += usage.Size
		}
	}
	return total, nil
}

func humanBytes(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
}
