using System.Runtime.InteropServices;

namespace VoiceKit.Compute;

/// <summary>
/// The sizes of blocks, and memory for one of each. A block of the right matrix and one of the left lie in the second-level cache together,
/// a panel of the right in the first-level one. Panels and rows have gaps between them: distances of a power of two would make them share
/// few places of a cache.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PanelBlocks
{
    /// <summary>The most rows of a block.</summary>
    public const int Rows = 16 * TileKernel.Rows;

    /// <summary>The most products that a sum takes at once.</summary>
    public const int Inner = 256;

    /// <summary>The most columns of a block.</summary>
    public const int Columns = 16 * TileKernel.Columns;

    /// <summary>The distance from one gathered row to the next.</summary>
    public const int RowStride = Inner + 16;

    /// <summary>How many rows are transposed at once.</summary>
    public const int TransposedRows = 8;

    /// <summary>The block of the right matrix.</summary>
    public fixed float Right[Columns / TileKernel.Columns * ((Inner * TileKernel.Columns) + 16)];

    /// <summary>The block of the left matrix.</summary>
    public fixed float Left[Rows * RowStride];

    /// <summary>Rows on their way into a block.</summary>
    public fixed float Gathered[TransposedRows * RowStride];

    /// <summary>A tile that is not wholly within the product.</summary>
    public fixed float Tile[TileKernel.Rows * TileKernel.Columns];
}
