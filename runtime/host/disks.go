package host

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"unicode/utf16"
)

type partition struct {
	Number     int    `json:"number"`
	Name       string `json:"name"`
	ID         string `json:"id"`
	StartBytes int64  `json:"startBytes"`
	SizeBytes  int64  `json:"sizeBytes"`
}

// The two structures of UEFI 2.10, 5.3.2 and 5.3.3; all of it is little-endian.
type gptHeader struct {
	Signature                       [8]byte
	Revision, HeaderSize, HeaderCRC uint32
	_                               uint32
	MyLBA, AlternateLBA             uint64
	FirstUsable, LastUsable         uint64
	DiskID                          [16]byte
	EntriesLBA                      uint64
	EntryCount, EntrySize           uint32
	EntriesCRC                      uint32
}

type gptEntry struct {
	Type, ID   [16]byte
	First      uint64
	Last       uint64
	Attributes uint64
	Name       [36]uint16
}

const (
	sectorBytes     = 512
	maxTableBytes   = 1 << 20
	gptHeaderBytes  = 92
	gptEntryMinimum = 128
)

func readPartitions(device string) ([]partition, error) {
	sector, err := readBlocks(device, sectorBytes, sectorBytes)
	if err != nil {
		return nil, err
	}
	var header gptHeader
	if err := binary.Read(bytes.NewReader(sector), binary.LittleEndian, &header); err != nil {
		return nil, err
	}
	tableBytes := int64(header.EntryCount) * int64(header.EntrySize)
	if string(header.Signature[:]) != "EFI PART" || header.EntrySize < gptEntryMinimum || tableBytes > maxTableBytes {
		return nil, Failed("EBADMSG", "%s has no GPT", device)
	}
	checked := append([]byte(nil), sector[:gptHeaderBytes]...)
	copy(checked[16:20], make([]byte, 4))
	if crc32.ChecksumIEEE(checked) != header.HeaderCRC {
		return nil, Failed("EBADMSG", "the GPT of %s is damaged: its header's checksum is wrong", device)
	}
	table, err := readBlocks(device, int64(header.EntriesLBA)*sectorBytes, tableBytes)
	if err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(table) != header.EntriesCRC {
		return nil, Failed("EBADMSG", "the GPT of %s is damaged: its entries' checksum is wrong", device)
	}
	return entriesOf(table, int(header.EntrySize))
}

func entriesOf(table []byte, entryBytes int) ([]partition, error) {
	found := []partition{}
	for at := 0; at+entryBytes <= len(table); at += entryBytes {
		var entry gptEntry
		if err := binary.Read(bytes.NewReader(table[at:]), binary.LittleEndian, &entry); err != nil {
			return nil, err
		}
		if entry.Type == [16]byte{} {
			continue
		}
		found = append(found, partition{
			Number:     at/entryBytes + 1,
			Name:       strings.TrimRight(string(utf16.Decode(entry.Name[:])), "\x00"),
			ID:         guid(entry.ID),
			StartBytes: int64(entry.First) * sectorBytes,
			SizeBytes:  (int64(entry.Last) - int64(entry.First) + 1) * sectorBytes,
		})
	}
	return found, nil
}

// guid: the first three groups are little-endian.
func guid(raw [16]byte) string {
	first := binary.LittleEndian.Uint32(raw[0:4])
	second, third := binary.LittleEndian.Uint16(raw[4:6]), binary.LittleEndian.Uint16(raw[6:8])
	return fmt.Sprintf("%08x-%04x-%04x-%s-%s", first, second, third, hex.EncodeToString(raw[8:10]), hex.EncodeToString(raw[10:16]))
}

func readBlocks(device string, offsetBytes, sizeBytes int64) ([]byte, error) {
	file, err := os.Open(device)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	read := make([]byte, sizeBytes)
	if _, err := io.ReadFull(io.NewSectionReader(file, offsetBytes, sizeBytes), read); err != nil {
		return nil, Failed("EIO", "%s: cannot read %d bytes at %d: %v", device, sizeBytes, offsetBytes, err)
	}
	return read, nil
}

func writeBlocks(device string, offsetBytes int64, bytes []byte) error {
	file, err := os.OpenFile(device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteAt(bytes, offsetBytes); err != nil {
		return err
	}
	return file.Sync()
}
