// Package host is what the agent can touch of the world: each call of src/agent/host.ts as a function of Go. It knows
// nothing of JavaScript.
package host

// Content is what JavaScript gives as text (then its UTF-8) or as bytes.
type Content []byte

// Methods is all of src/agent/host.ts, in its order. What may be left out is a pointer, or has a zero value that means it.
var Methods = map[string]any{
	"readText":      readText,
	"readBytes":     readBytes,
	"writeFile":     writeFile,
	"appendFile":    appendFile,
	"writeThrough":  writeThrough,
	"makeDirectory": MakeDirectory,
	"makeSymlink":   makeSymlink,
	"rename":        Rename,
	"remove":        remove,
	"list":          list,
	"stat":          stat,
	"freeBytes":     freeBytes,

	"run": runProgram,

	"fetch":    fetch,
	"download": download,

	"copyPiece": copyPiece,

	"sha256":          sha256Of,
	"sha256OfFile":    SHA256OfFile,
	"blake2b512":      blake2b512,
	"verifyEd25519":   verifyEd25519,
	"readCertificate": readCertificate,
	"decompress":      decompress,
	"decompressFile":  decompressFile,
	"decodeBase64":    decodeBase64,
	"encodeBase64":    encodeBase64,
	"decodeUtf8":      decodeUTF8,
	"encodeUtf8":      encodeUTF8,

	"readBlocks":  readBlocks,
	"writeBlocks": writeBlocks,

	"now":    now,
	"uptime": uptime,
	"sleep":  sleep,

	"print": print,
}
