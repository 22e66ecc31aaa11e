package config

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

const synopsis = `usage: kubesolo [flags]           run the node
       kubesolo kubectl ...       kubectl, of the same version
       kubesolo status [--json]   how the node is; the exit code is 0 when it is ready
       kubesolo images ...        list, import or prune the images on this node

`

const explanation = `
A value comes from the flag, else from the environment, else from the file, else it is the default. Switches
negate as --no-...; an empty value is the default. All of it: --print-config.
`

// Usage is the text of --help.
func Usage() string {
	var text strings.Builder
	text.WriteString(synopsis)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(name, help string) { fmt.Fprintf(table, "  %s\t%s\n", name, help) }
	row("--config file", "the configuration file (default "+DefaultFile+", if it exists)")
	row("--print-config", "print the configuration as such a file and exit")
	row("--show-secrets", "with --print-config: print secrets, too")
	row("-v, --version", "print versions and exit")
	row("-h, --help", "print this and exit")
	for _, each := range settings {
		if each.flag != "" {
			row("--"+each.flag+each.field.shape.placeholder(), each.help+each.defaultNote())
		}
	}
	table.Flush()
	fmt.Fprintf(&text, "\nenvironment (each flag, too: --node-ip as %s)\n", EnvironmentName("node-ip"))
	for _, each := range settings {
		if each.flag == "" {
			row(each.variable(), each.help+each.defaultNote())
		}
	}
	table.Flush()
	return text.String() + explanation
}

func (s shape) placeholder() string {
	return map[shape]string{single: " value", list: " a,b", pairs: " a=b,c=d", lists: " a=b+c,d=e"}[s]
}

func (s setting) defaultNote() string {
	if s.fallback == "" || s.fallback == "false" {
		return ""
	}
	return " (default " + s.fallback + ")"
}

// Reference is a table of all settings, in Markdown.
func Reference() string {
	var text strings.Builder
	text.WriteString("| key in the file | flag | environment | default | meaning |\n|---|---|---|---|---|\n")
	code := func(value string) string {
		if value == "" {
			return ""
		}
		return "`" + value + "`"
	}
	for _, each := range settings {
		flag := each.flag
		if flag != "" {
			flag = "--" + flag
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n",
			code(each.key), code(flag), code(each.variable()), code(each.fallback), each.help)
	}
	return text.String()
}
