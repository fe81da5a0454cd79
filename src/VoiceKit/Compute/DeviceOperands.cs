namespace VoiceKit.Compute;

/// <summary>Rows to copy between two layouts.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Length">The floats of a row.</param>
/// <param name="SourceOffset">The first float of the first row.</param>
/// <param name="SourceStride">The distance of rows in the source.</param>
/// <param name="DestinationOffset">Where the first row goes.</param>
/// <param name="DestinationStride">The distance of rows in the destination.</param>
public readonly record struct RowCopy(int Count, int Length, int SourceOffset, int SourceStride, int DestinationOffset, int DestinationStride);

/// <summary>The rates of one step of Adam.</summary>
/// <param name="LearningRate">alpha sqrt(1 - beta2^t) / (1 - beta1^t).</param>
/// <param name="Beta1">The decay of the first moment.</param>
/// <param name="Beta2">The decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment, times sqrt(1 - beta2^t).</param>
/// <param name="WeightDecay">The share of a parameter that is taken off before the step, already times the rate.</param>
public readonly record struct AdamStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay = 0);

/// <summary>The functions of one number.</summary>
public enum UnaryKind
{
    /// <summary>scale x + offset.</summary>
    Affine,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary>1 / x.</summary>
    Reciprocal,

    /// <summary>x^2.</summary>
    Square,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>log(1 + e^x), without overflow.</summary>
    Softplus,

    /// <summary>x where x > 0, scale x elsewhere.</summary>
    LeakyRelu,
}

/// <summary>A function of one number.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Scale">Its factor, where it has one.</param>
/// <param name="Offset">What it adds, where it adds.</param>
public readonly record struct UnaryFunction(UnaryKind Kind, float Scale = 1, float Offset = 0);

/// <summary>The functions of two numbers.</summary>
public enum BinaryKind
{
    /// <summary>x + scale y.</summary>
    Add,

    /// <summary>x y.</summary>
    Multiply,

    /// <summary>y where x > 0, scale y elsewhere: the gradient of LeakyRelu.</summary>
    LeakyReluGradient,

    /// <summary>x + scale (y - x).</summary>
    Interpolate,
}

/// <summary>A function of two numbers.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Scale">Its factor, where it has one.</param>
public readonly record struct BinaryFunction(BinaryKind Kind, float Scale = 1);
