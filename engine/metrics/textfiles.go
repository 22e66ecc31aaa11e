package metrics

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"kubesolo-os/engine/given"
)

const textfileLimit = 256 << 10 // bytes of one file

// Textfiles gathers what others leave in a folder, in the text format: NAME.prom, as node_exporter's
// collector of that kind reads it. A file that can't be read as a whole has none; all others go on.
type Textfiles string

func (folder Textfiles) Gather() ([]*dto.MetricFamily, error) {
	files, err := filepath.Glob(filepath.Join(string(folder), "*.prom")) // sorted
	failures := []error{err}
	var families []*dto.MetricFamily
	for _, file := range files {
		found, err := readTextfile(file)
		failures = append(failures, err)
		for _, name := range slices.Sorted(maps.Keys(found)) {
			families = append(families, found[name])
		}
	}
	return families, errors.Join(failures...)
}

func readTextfile(path string) (map[string]*dto.MetricFamily, error) {
	file, err := given.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer file.Close()
	if status, err := file.Stat(); err != nil || status.Size() > textfileLimit {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", path, textfileLimit)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(io.LimitReader(file, textfileLimit))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return families, nil
}
