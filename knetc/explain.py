"""What each error code means, with a program that raises it: one flat table, as long as there are codes.

    KN1xx  the compiler and the user's source        KN4xx  training
    KN2xx  shapes                                    KN5xx  values that went wrong
    KN3xx  arguments and options                     KN6xx  files

`knetc explain` prints the entries. Examples may take `np` and `knetc` as imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc


@dataclass(frozen=True)
class Explanation:
    """A title of a few words, two to six lines of text, and an example (lines with `$` belong into a shell)."""

    title: str
    text: str
    example: str


def _entry(title: str, text: str, example: str) -> Explanation:
    return Explanation(title, cleandoc(text), cleandoc(example))


EXPLANATIONS: dict[str, Explanation] = {
    "KN101": _entry(
        "a construct that cannot be differentiated",
        """The derivative would have to pass through something for which knetc has no rule yet. The message
        names it, the carets point at it, and after the colon stands how the differentiated argument gets
        there. Code that the result does not depend on may contain anything: only what carries a derivative
        is restricted, and most of what has no adjoint that could be written down is recorded instead.""",
        """@knetc.grad
        def f(x):
            return np.sum(eval("x * x"))

        f(np.ones(3))""",
    ),
    "KN103": _entry(
        "a callee without rule and without source",
        """A function that was found only while the program ran (passed as an argument, kept in an attribute)
        is neither an operation that knetc knows nor a Python function that it could compile.""",
        """@knetc.grad
        def f(x, g):
            return np.sum(g(x))

        f(np.ones(3), lambda x: np.nextafter(x, 1.0))""",
    ),
    "KN110": _entry(
        "a function without source",
        """knetc reads the text of a function, and Python keeps it for files, notebooks and, from version
        3.13, the interactive prompt only. Save the function in a file, or pass its text: `knetc.grad(f,
        source="def f(x): ...")`.""",
        """exec("def f(x): return x * x")
        knetc.grad(f)(2.0)""",
    ),
    "KN111": _entry(
        "a file that cannot be run",
        """The commands `knetc compile`, `show` and `check` run the file first, as an import does, because
        only then it is known what its names stand for. Put what trains or plots under `if __name__ ==
        "__main__":`.""",
        """$ echo "import no_such_module" > model.py
        $ knetc check model.py""",
    ),
    "KN120": _entry(
        "something that cannot be written into a module",
        """`knetc compile` writes a file that works without the one it was made from. Numbers, strings, tuples
        of them and functions that the code reads are copied into it, and imports are repeated. Arrays and
        objects are not: pass them as arguments.""",
        """$ cat model.py
        import numpy as np
        W = np.ones(3)
        def loss(x):
            return np.sum(W * x)
        $ knetc compile model.py:loss""",
    ),
    "KN210": _entry(
        "too few or too many axes",
        """Images have the shape (N, C, *space) with one to three spatial axes, filters (C_out, C_in / group,
        *kernel) with as many. No spatial axis may be empty.""",
        """knetc.conv4(np.ones((1, 1, 3, 3)), np.ones((28, 28)))""",
    ),
    "KN211": _entry(
        "channels that do not fit",
        """The second axis of the images counts their channels, that of the filters the channels of one group:
        they differ by the factor `group`.""",
        """knetc.conv4(np.ones((8, 1, 3, 3)), np.ones((1, 3, 28, 28)))""",
    ),
    "KN212": _entry(
        "a kernel larger than the image",
        """Where the kernel, spread by `dilation`, does not fit into the padded image even once, the result
        would be empty.""",
        """knetc.conv4(np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3)))""",
    ),
    "KN213": _entry(
        "a cotangent of the wrong shape",
        """The transposes of convolution and pooling take the cotangent of a result, which has the shape of
        the result.""",
        """from knetc.ops.conv import conv4x
        conv4x(np.ones((1, 1, 3, 3)), np.ones((1, 1, 8, 8)), np.ones((1, 1, 8, 8)))""",
    ),
    "KN214": _entry(
        "as many labels as instances",
        """`scores` has one row of class scores for each label. The classes lie along `axis`, the last one by
        default.""",
        """knetc.nll(np.ones((4, 10)), np.array([1, 2, 3]))""",
    ),
    "KN215": _entry(
        "one weight for each class",
        """`weight` multiplies the loss of an instance by a factor that belongs to its class.""",
        """knetc.nll(np.ones((4, 10)), np.array([1, 2, 3, 4]), weight=np.ones(4))""",
    ),
    "KN216": _entry(
        "a bias that does not fit the channels",
        """A bias is one number for each output channel: an array of the shape (C_out,) or, for images, also
        (1, C_out, 1, ...).""",
        """knetc.conv(np.ones((8, 3, 3, 3)), np.ones((1, 3, 9, 9)), bias=np.ones(3))""",
    ),
    "KN217": _entry(
        "a transposed operation that leaves nothing",
        """The padding of a convolution or pooling is taken away from the result of its transpose, `deconv4` or
        `unpool`. Here it takes away more than there is.""",
        """knetc.deconv4(np.ones((1, 1, 3, 3)), np.ones((1, 1, 1, 1)), padding=2)""",
    ),
    "KN218": _entry(
        "batches of matrices that do not fit",
        """`bmm` multiplies each matrix of one batch with its partner in the other: the axes before the last two
        are equal, and the columns of the left ones are as many as the rows of the right ones.""",
        """knetc.bmm(np.ones((5, 2, 3)), np.ones((5, 2, 3)))""",
    ),
    "KN219": _entry(
        "weights that do not fit their input",
        """`linear` takes weights of shape (out, in), as PyTorch stores them, and inputs whose last axis has the
        length `in`.""",
        """knetc.linear(np.ones((784, 10)), np.ones((100, 784)))""",
    ),
    "KN220": _entry(
        "not a batch of channels",
        """`batchnorm` and `groupnorm` take an array whose axis 0 is the instances and whose axis 1 is the
        channels, with up to 3 spatial axes behind them.""",
        """knetc.batchnorm(np.ones(10), training=True)""",
    ),
    "KN221": _entry(
        "scales and biases that do not fit",
        """A normalisation has one scale and one bias for each channel, or for each feature that `layernorm` and
        `rmsnorm` normalise over. `batchnorm` takes both in one vector, as `bnparams` makes it, or as a pair.""",
        """knetc.batchnorm(np.ones((4, 3)), training=True, params=np.ones(3))""",
    ),
    "KN222": _entry(
        "running statistics of other channels",
        """The moments have one mean and one variance for each channel of the layer that they were made for.""",
        """moments = knetc.BatchNormMoments()
        knetc.batchnorm(np.ones((4, 3)), moments)
        knetc.batchnorm(np.ones((4, 5)), moments)""",
    ),
    "KN223": _entry(
        "the variance of a single value",
        """A value that is alone in its group would always be normalised to 0. In training `batchnorm` needs more
        than one instance, or more than one place in a picture.""",
        """knetc.batchnorm(np.ones((1, 3)), training=True)""",
    ),
    "KN224": _entry(
        "labels of another shape than the scores",
        """`bce` and `logistic` take one score for each label. A column (N, 1) beside a vector (N,) would be
        broadcast to N x N losses, so it is refused.""",
        """knetc.bce(np.ones((4, 1)), np.array([0, 1, 1, 0]))""",
    ),
    "KN225": _entry(
        "sequences of the wrong shape",
        """A recurrent network reads (T, B, X): steps, instances, and as many numbers as its first layer takes; or, with
        `batch_sizes`, packed sequences (sum(batch_sizes), X). There is at least one step.""",
        """knetc.nn.LSTM(3, 4)(np.ones((5, 2, 8), np.float32))""",
    ),
    "KN226": _entry(
        "weights of a recurrent network that do not fit",
        """The matrices have the gates of H states above each other: 4 of an LSTM, 3 of a GRU, 1 of the others. The
        columns are those of x, or H times the directions of the layer below.""",
        """lstm = knetc.nn.LSTM(3, 4)
        knetc.rnn_forward(lstm.params, np.ones((5, 2, 3), np.float32), rnn_type="gru")""",
    ),
    "KN227": _entry(
        "a state of the wrong shape",
        """The states before the first step have the shape (layers * directions, B, H): the direction against time of a
        layer stands behind the other one. Packed sequences have as many instances as their first step.""",
        """lstm = knetc.nn.LSTM(3, 4)
        lstm.h = np.zeros((1, 7, 4), np.float32)
        lstm(np.ones((5, 2, 3), np.float32))""",
    ),
    "KN228": _entry(
        "batch sizes that do not count the rows",
        """Packed sequences have a row for each step of each sequence: `batch_sizes` says how many belong to step 0, to
        step 1 and so on, so that its sum is the number of rows. `knetc.pack` makes both.""",
        """knetc.nn.LSTM(3, 4)(np.ones((5, 3), np.float32), batch_sizes=[3, 1])""",
    ),
    "KN229": _entry(
        "a vector of weights of the wrong length",
        """All matrices and biases of a recurrent network, one behind the other, make a vector as `flat()` gives it.""",
        """knetc.nn.GRU(3, 4).set_flat(np.zeros(7))""",
    ),
    "KN230": _entry(
        "embeddings that are no matrix",
        """`embed(w, ids)` reads rows of a matrix: one row for each word of the vocabulary.""",
        """knetc.embed(np.ones(5), [1, 2])""",
    ),
    "KN231": _entry(
        "queries, keys and values that do not fit",
        """A query is compared with every key, so both have the same size; a key belongs to a value, so there are as
        many of both. What stands in front of these two axes, such as batch and heads, broadcasts.""",
        """knetc.attention(np.ones((2, 4, 8)), np.ones((2, 6, 8)), np.ones((2, 5, 8)))""",
    ),
    "KN232": _entry(
        "a mask of another shape",
        """A mask tells for every query and key whether the one may see the other; its axes broadcast to
        (..., queries, keys).""",
        """knetc.attention(np.ones((4, 8)), np.ones((6, 8)), np.ones((6, 8)), mask=np.ones((4, 5), bool))""",
    ),
    "KN233": _entry(
        "a causal attention of two lengths",
        """`causal` lets query i see the keys 0 to i. Where there are more keys than queries, it is not said which of
        them stand side by side: a mask says it.""",
        """knetc.attention(np.ones((4, 8)), np.ones((6, 8)), np.ones((6, 8)), causal=True)""",
    ),
    "KN234": _entry(
        "vectors that cannot be rotated",
        """`rotary` turns pairs of neighbouring elements by an angle that grows with the position: the last axis is
        even, and the one before it is that of the positions.""",
        """knetc.rotary(np.ones((10, 7)))""",
    ),
    "KN235": _entry(
        "weights of another shape",
        """The weights go by the same names as those of the model, but some belong to a model of other sizes. A last
        layer for another number of classes is left as it is by `skip`.""",
        """from knetc.nn import Linear, load_weights
        load_weights(Linear(3, 2), {"weight": np.ones((2, 4)), "bias": np.ones(2)})""",
    ),
    "KN236": _entry(
        "features that do not divide into heads",
        """Attention in several heads cuts the features of a sequence, the last axis, into equal parts. The axis
        before it is that of the places.""",
        """from knetc.ops import split_heads
        split_heads(np.ones((2, 5, 10)), 4)""",
    ),
    "KN237": _entry(
        "sequences that positions do not fit",
        """An encoding of positions is made for a greatest length and for the size of the embeddings.""",
        """knetc.nn.PositionalEncoding(10, 4)(np.ones((2, 11, 4)))""",
    ),
    "KN301": _entry(
        "the gradient of something that is not a scalar",
        """A gradient belongs to one number. Sum or average the result; or, if its parts have cotangents of
        their own, use the two sweeps: `value, residuals = g.forward(x)`, then `g.backward(residuals,
        cotangent)`.""",
        """knetc.grad(lambda x: x * x)(np.ones(3))""",
    ),
    "KN302": _entry(
        "no floats to differentiate by",
        """Derivatives exist with respect to floats: float arrays, numbers, and those inside lists, dicts and
        objects. An int is taken as a constant, because a derivative that is cut off to an int would be
        wrong in silence.""",
        """knetc.grad(lambda x: x * x)(3)""",
    ),
    "KN303": _entry(
        "`wrt` names no parameter",
        """`wrt` is the position of a parameter, its name, or a tuple of such; the message lists the
        parameters.""",
        """knetc.grad(lambda x, y: x * y, wrt="z")""",
    ),
    "KN304": _entry(
        "not a Python function",
        """Functions that are written in C have no source to differentiate. knetc knows the derivatives of
        many of them, but they have to be called by a function of yours.""",
        """knetc.grad(np.sin)""",
    ),
    "KN305": _entry(
        "an unknown setting",
        """`knetc.config` takes `check` (compare every gradient with a finite difference at its first call),
        `record` (record what the compiler cannot write the adjoint of) and `training` (whether dropout and
        batchnorm train inside a gradient), each True or False. A loop such as `adam` takes the options of its
        optimiser and of `minimize`; `help(knetc.Adam)` lists them.""",
        """knetc.config(fast=True)""",
    ),
    "KN310": _entry(
        "an impossible window, stride, padding or dilation",
        """Sizes are ints, or one int for each spatial axis; strides and windows are at least 1, padding is at
        least 0 and, in pooling, less than the window. The padding of convolutions may differ between the ends
        of an axis, as a pair (before, after), or be "same".""",
        """knetc.conv4(np.ones((1, 1, 3, 3)), np.ones((1, 1, 8, 8)), stride=0)""",
    ),
    "KN311": _entry(
        "an unknown mode of convolution",
        """mode=0 flips the kernel, which is convolution; mode=1 does not, which is cross-correlation.""",
        """knetc.conv4(np.ones((1, 1, 3, 3)), np.ones((1, 1, 8, 8)), mode=2)""",
    ),
    "KN312": _entry(
        "groups that do not divide the channels",
        """`group` divides the input and the output channels into as many parts that do not mix.""",
        """knetc.conv4(np.ones((3, 1, 3, 3)), np.ones((1, 2, 8, 8)), group=2)""",
    ),
    "KN313": _entry(
        "an unknown mode of pooling",
        """Knet's `mode` is a number from 0 to 3, `op` a word, "max" or "mean". Give one of the two.""",
        """knetc.pool(np.ones((1, 1, 8, 8)), op="median")""",
    ),
    "KN314": _entry(
        "impossible ends of a relu",
        """`max_value`, `negative_slope` and `threshold` are numbers, and the line between the two ends has to
        go up.""",
        """knetc.relu(np.ones(3), max_value=-1.0)""",
    ),
    "KN315": _entry(
        "an output padding that the stride does not allow",
        """A convolution with stride s makes images of s different sizes equally large. `output_padding`, from 0 to
        s - 1, says which of them a transposed convolution returns; padding="same" says it already.""",
        """knetc.deconv4(np.ones((1, 1, 3, 3)), np.ones((1, 1, 4, 4)), stride=2, output_padding=2)""",
    ),
    "KN316": _entry(
        "an activation that cannot be called",
        """`activation` and `normalization` are functions or callable objects that take the images and return
        them changed.""",
        """knetc.conv(np.ones((1, 1, 3, 3)), np.ones((1, 1, 4, 4)), activation="relu")""",
    ),
    "KN317": _entry(
        "a pooling that cannot be undone",
        """`unpool` divides by the factor `alpha` of the pooling that it undoes; after a factor of 0 nothing is left
        to undo.""",
        """knetc.unpool(np.ones((1, 1, 2, 2)), alpha=0)""",
    ),
    "KN318": _entry(
        "a convolution of ints",
        """Sums of products overflow small ints in silence, and only floats have derivatives: the images or the
        filters have to be floats.""",
        """knetc.conv4(np.ones((1, 1, 3, 3), int), np.ones((1, 1, 4, 4), np.uint8))""",
    ),
    "KN319": _entry(
        "the error function of something that is not real",
        """`gelu` weighs its argument with a probability, which exists for real numbers only: ints and floats.""",
        """knetc.gelu(np.ones(2, complex))""",
    ),
    "KN320": _entry(
        "a label that is no class",
        """Classes are counted from 0. Instances that should not count are marked by the label `ignore_index`,
        which is -1.""",
        """knetc.nll(np.ones((2, 10)), np.array([1, 10]))""",
    ),
    "KN321": _entry(
        "the average of nothing",
        """Every label is `ignore_index`, or all weights are 0, so that there is nothing to average over. With
        average=False the result is the pair (total, count), which can be (0, 0).""",
        """knetc.nll(np.ones((2, 10)), np.array([-1, -1]))""",
    ),
    "KN322": _entry(
        "scores and labels, or a model and data",
        """`nll` and `accuracy` have two forms: one for scores and labels, one for a model and all batches of
        a data set.""",
        """knetc.accuracy(lambda x: x, np.array([1, 2]))""",
    ),
    "KN323": _entry(
        "a dropout that is no probability",
        """`p` is the part of the elements that become zero.""",
        """knetc.dropout(np.ones(3), 50)""",
    ),
    "KN324": _entry(
        "an axis that is not there",
        """Axes are counted from 0, or back from -1. None means the whole array, a tuple means several axes at
        once, each named once. `logsumexp` needs at least one element along them.""",
        """knetc.softmax(np.ones((2, 3)), axis=2)""",
    ),
    "KN325": _entry(
        "a mode of np.pad without derivative",
        """The derivative is known for padding with constants. Other borders can be built by slices and
        np.concatenate.""",
        """knetc.grad(lambda x: np.sum(np.pad(x, 1, mode="edge")))(np.ones(3))""",
    ),
    "KN326": _entry(
        "more axes than there are",
        """`mat(x, dims)` keeps the last `dims` axes as columns and the others as rows.""",
        """knetc.mat(np.ones((2, 3)), dims=3)""",
    ),
    "KN327": _entry(
        "a norm without derivative",
        """Of the norms of a matrix only that of Frobenius has a rule. A vector has those of any order.""",
        """knetc.grad(lambda x: np.linalg.norm(x, ord="nuc"))(np.eye(2))""",
    ),
    "KN328": _entry(
        "np.einsum without a subscript string",
        """The derivative is another einsum with exchanged subscripts, which knetc makes from the string.""",
        """knetc.grad(lambda x: np.sum(np.einsum(np.eye(2), [0, 1], x, [1, 2])))(np.eye(2))""",
    ),
    "KN330": _entry(
        "batch normalisation without statistics",
        """Outside a gradient `batchnorm` normalises by the running statistics of the training, which it is given
        as `moments`. With training=True it takes those of the batch.""",
        """knetc.batchnorm(np.ones((4, 3)))""",
    ),
    "KN331": _entry(
        "an option that is out of range",
        """`eps` is above 0; a momentum and a smoothing are parts of a whole, from 0 to 1; weights are not negative, and
        a seed is an int that is not.""",
        """knetc.layernorm(np.ones((4, 3)), eps=0)""",
    ),
    "KN332": _entry(
        "groups of channels of different size",
        """`groupnorm` divides the channels into groups of equal size.""",
        """knetc.groupnorm(np.ones((4, 10)), 3)""",
    ),
    "KN333": _entry(
        "a label that is neither of two",
        """`bce` takes labels of 0 and 1, or probabilities in between, `logistic` those of -1 and 1.""",
        """knetc.bce(np.ones(3), np.array([-1, 1, 1]))""",
    ),
    "KN334": _entry(
        "something else than floats",
        """Normalising or dropping elements of an array of ints would cut the results off, and scores that are ints or
        booleans are most likely classes. Convert the data when they are read.""",
        """knetc.layernorm(np.ones((4, 3), int))""",
    ),
    "KN335": _entry(
        "options that no recurrent network has",
        """The types are lstm, gru, tanh and relu, and there is at least one layer.""",
        """knetc.nn.RNN(3, 4, "elman")""",
    ),
    "KN336": _entry(
        "weights that are missing, or that there are not",
        """The names are PyTorch's: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0` and `bias_hh_l0`, with `_l1` and so on
        for deeper layers and `_reverse` behind the direction against time. With `skip_input` the first matrix is
        missing. Gates are counted as cuDNN does, from 0.""",
        """lstm = knetc.nn.LSTM(3, 4)
        knetc.rnn_forward(lstm.params, np.ones((5, 2, 3), np.float32), num_layers=2)""",
    ),
    "KN337": _entry(
        "batch sizes that grow",
        """Packed sequences are sorted by length, the longest first: at each step as many of them are still running as
        at the step before, or fewer. `knetc.pack` sorts and packs.""",
        """knetc.nn.LSTM(3, 4)(np.ones((5, 3), np.float32), batch_sizes=[2, 3])""",
    ),
    "KN338": _entry(
        "a state that this network cannot begin with",
        """A network begins at 0 (None, or 0 to keep the last state for the next call) or with an array. A memory `c`
        beside the state `h` has an LSTM only.""",
        """gru = knetc.nn.GRU(3, 4, c=np.zeros((1, 2, 4), np.float32))
        gru(np.ones((5, 2, 3), np.float32))""",
    ),
    "KN339": _entry(
        "arrays of different types",
        """The weights, the sequences and the states of a recurrent network have one type of float, so that nothing is
        widened on the way. Ints that name things become vectors by `embed`.""",
        """knetc.nn.LSTM(3, 4)(np.ones((5, 2, 3)))""",
    ),
    "KN340": _entry(
        "labels that are no ints",
        """Labels are class numbers. One-hot rows become class numbers by `labels.argmax(-1)`.""",
        """knetc.nll(np.ones((2, 10)), np.array([1.0, 2.0]))""",
    ),
    "KN341": _entry(
        "ids that are no ints",
        """Ids are the numbers of rows. One-hot vectors become ids by `ids.argmax(-1)`.""",
        """knetc.embed(np.ones((5, 2)), np.array([1.0, 2.0]))""",
    ),
    "KN342": _entry(
        "an id that is no row",
        """Rows are counted from 0, and none from the end: -1 would be the last row without a warning. Keep rows
        for unknown words and for padding.""",
        """knetc.embed(np.ones((5, 2)), [1, 5])""",
    ),
    "KN343": _entry(
        "a mask that is not of bools",
        """True is where a query may see a key. Ints could mean that, or the opposite, and floats are added to the
        scores in other libraries.""",
        """knetc.attention(np.ones((4, 8)), np.ones((4, 8)), np.ones((4, 8)), mask=np.ones((4, 4)))""",
    ),
    "KN344": _entry(
        "an option of attention out of range",
        """Lengths and positions are ints of at least 0, sizes at least 1, bases above 0, and scales finite.""",
        """knetc.positional_encoding(-1, 8)""",
    ),
    "KN345": _entry(
        "an option of an initialiser out of range",
        """`fan` says whether the inputs or the outputs of a weight are counted; deviations are at least 0, and a
        distribution is cut off at a positive distance from its mean.""",
        """knetc.kaiming_normal(64, 32, fan="both")""",
    ),
    "KN346": _entry(
        "a layer of an impossible size",
        """A layer has at least one input and one output. Numbers that were read from a file or computed by `/` may
        be strings or floats: make ints of them.""",
        """knetc.nn.Linear(784, 0)""",
    ),
    "KN347": _entry(
        "an option that a layer or model does not have",
        """Activations are functions, not their names; initialisers take the sizes of a shape and fill it; heads divide
        the size of attention into equal parts; VGG networks have 11, 13, 16 or 19 layers.""",
        """knetc.nn.Linear(784, 64, activation="relu")""",
    ),
    "KN348": _entry(
        "weights with other names",
        """Arrays are matched by the names that PyTorch and torchvision give them. The message lists those that the
        model has and the weights do not, and the other way round.""",
        """from knetc.nn import Linear, load_weights
        load_weights(Linear(3, 2), {"weight": np.ones((2, 3))})""",
    ),
    "KN349": _entry(
        "a layer that cannot be called",
        """A chain calls its layers one by one: objects or functions that take what the one before returned.""",
        """knetc.nn.Chain([knetc.nn.Linear(784, 64), knetc.nn.Linear(64, 10)])""",
    ),
    "KN350": _entry(
        "a rule that fits no parameter",
        """`@knetc.primitive` takes one rule for each parameter that is differentiated, under the name of the
        parameter; a rule takes all that the function takes. A function that has no derivative at all is declared
        by `@knetc.nondifferentiable`.""",
        """@knetc.primitive(z=lambda g, y, x: g)
        def f(x):
            return x""",
    ),
    "KN401": _entry(
        "an impossible shape of a parameter",
        """`param` takes sizes, one by one, or an array with the values. `bilinear` fills the filters of an
        enlargement, which treats all channels alike.""",
        """knetc.param(3, -1)""",
    ),
    "KN402": _entry(
        "a batch size that does not fit",
        """A batch has from 1 to all instances. What remains at the end is left out, unless partial=True.""",
        """knetc.minibatch(np.ones((10, 2)), 100)""",
    ),
    "KN403": _entry(
        "data without a common first axis",
        """The first axis of all arrays is that of the instances, so it has the same length in all of them, and it
        is not 0. Labels of sequences are as many as the sequences, or as their elements.""",
        """knetc.minibatch(np.ones((10, 2)), np.ones(9), 5)""",
    ),
    "KN404": _entry(
        "instances that do not have that many elements",
        """`shape` gives each instance a new shape of as many elements; the axis of the instances is not part
        of it.""",
        """knetc.minibatch(np.ones((10, 784)), 5, shape=(1, 28, 27))""",
    ),
    "KN405": _entry(
        "data that can be gone through only once",
        """A generator is empty after one pass, so it cannot be repeated. A list can, and so can what
        `minibatch` returns.""",
        """knetc.ncycle((x for x in [1, 2]), 3)""",
    ),
    "KN406": _entry(
        "nothing to train",
        """What is trained are the float arrays that the model holds, in attributes, lists and dicts. A plain
        function holds none: pass them by `params`.""",
        """knetc.adam(lambda w, x: w * x, [1.0])""",
    ),
    "KN407": _entry(
        "an option of an optimiser out of range",
        """Rates, clips and decays are at least 0, `eps` is above 0, and the factors of running averages are at
        least 0 and below 1. A schedule must give such rates as well. `accumulate` counts batches, from 1 on.""",
        """knetc.Adam(beta1=1.5)""",
    ),
    "KN408": _entry(
        "nothing to run",
        """`run` returns the last loss, and an empty iterator has none. Is the data set smaller than a batch?""",
        """knetc.run([])""",
    ),
    "KN409": _entry(
        "an object that cannot be frozen",
        """The mark is an attribute of the object, and some kinds of objects take none. Put it on their class.""",
        """knetc.frozen(len)""",
    ),
    "KN410": _entry(
        "a gradient of another model",
        """An update goes through the arrays of the model and of the gradient together: same paths, same
        shapes.""",
        """from knetc import update
        update({"w": np.ones(3)}, {"w": np.ones(2)}, knetc.SGD())""",
    ),
    "KN411": _entry(
        "an option of progress out of range",
        """`every` is the number of seconds between two lines of progress in a pipe or file; a message is a function
        that is asked every `steps` steps or `seconds` seconds.""",
        """knetc.progress([1.0], every=0)""",
    ),
    "KN412": _entry(
        "a parameter that is read-only",
        """An update changes arrays in place. Views that numpy has broadcast, arrays of a file opened for reading
        and those with `flags.writeable = False` cannot be changed.""",
        """knetc.update([np.broadcast_to(1.0, 3)], [np.ones(3)])""",
    ),
    "KN413": _entry(
        "what an optimiser remembers of another model",
        """A checkpoint keeps the state of an optimiser by the path of each array in the model. At this path the
        model now has an array of another shape.""",
        """optimiser = knetc.Momentum()
        knetc.update([np.ones(3)], [np.ones(3)], optimiser)
        knetc.save("momentum", optimiser)
        again = knetc.load("momentum", into=knetc.Momentum())
        knetc.update([np.ones(2)], [np.ones(2)], again)""",
    ),
    "KN414": _entry(
        "an impossible schedule",
        """Rates are at least 0, numbers of steps at least 1, and a warm-up is shorter than the whole.""",
        """knetc.cosine(0.1, 100, warmup=200)""",
    ),
    "KN415": _entry(
        "a training loop with arguments that do not fit",
        """A batch that is a tuple is spread over the arguments of the loss, anything else is one argument. The
        optimiser is an object such as `Adam()`.""",
        """knetc.run(knetc.sgd(lambda w, x, y: np.sum(w * x - y), [(1.0, 2.0, 3.0)], params=np.ones(1)))""",
    ),
    "KN416": _entry(
        "optimisers that do not match the model",
        """A list, tuple or dict of optimisers has one for each part of the model.""",
        """knetc.update([np.ones(3), np.ones(2)], [np.ones(3), np.ones(2)], [knetc.SGD()])""",
    ),
    "KN417": _entry(
        "an average of weights that cannot be taken",
        """`EMA` averages the float arrays of a model, as they were when it was made, and not while it has put the
        averages into the model: train outside of `with ema:`.""",
        """knetc.EMA({"n": 3})""",
    ),
    "KN418": _entry(
        "a group that fits nothing",
        """A group of parameters is chosen by a path with `*` for anything, by a part of the model, or by a function of
        path and array. A choice that fits no array is probably misspelt; the message lists the paths.""",
        """groups = knetc.Groups(knetc.SGD(), ("layer[0]", None))
        knetc.update([np.ones(2)], [np.ones(2)], groups)""",
    ),
    "KN419": _entry(
        "an option of what watches a loop, out of range",
        """`patience` and `every` count values, `factor` and `alpha` are parts of 1, and `mode` says whether lower
        ("min") or higher ("max") is better.""",
        """knetc.EarlyStopping(patience=0)""",
    ),
    "KN420": _entry(
        "a loop whose values are no losses",
        """`converge`, `EarlyStopping` and `ReduceOnPlateau` compare the values that go by. What `minimize` gives are
        numbers; for others say by `measure` what to compare.""",
        """list(knetc.converge(["a", "b"]))""",
    ),
    "KN421": _entry(
        "data without a batch",
        """There was nothing to train on. A generator gives its batches once: on a second pass it is empty.""",
        """list(knetc.sgd(lambda w, x: np.sum(w * x), [], params=np.ones(1)))""",
    ),
    "KN422": _entry(
        "checkpoints that cannot be kept or counted",
        """A folder keeps at least one checkpoint, one is written after at least one step, and a step is counted
        from 0.""",
        """knetc.Checkpoints("runs/1", keep=0)""",
    ),
    "KN423": _entry(
        "an iterator whose place cannot be saved",
        """A generator, a `map` or a `zip` runs code whose place nobody can write down. Put `checkpointed` around
        what `adam`, `minimize` and their like return, and the rest around it.""",
        """knetc.checkpointed((loss for loss in [0.5, 0.25]), "runs/1")""",
    ),
    "KN424": _entry(
        "data that are not those of the checkpoint",
        """A run can only go on exactly where it was with the same data in the same batches. More passes over
        them are fine. For other data choose another folder, and `knetc.load` the model from the checkpoint.""",
        """def training(n):
            data = knetc.minibatch(np.ones(n), 2)
            return knetc.sgd(lambda w, x: w["w"] * np.mean(x), data, params={"w": np.ones(())})

        knetc.run(knetc.checkpointed(training(4), "runs/1"))
        knetc.run(knetc.checkpointed(training(6), "runs/1"))""",
    ),
    "KN425": _entry(
        "something that cannot be logged, or watched, where it stands",
        """A log takes numbers, from functions without arguments, and writes them to files with the ending .jsonl
        or .csv, to a `History` or to a `TensorBoard`. A log, and what remembers the steps of a training (`EMA`,
        `EarlyStopping`, `ReduceOnPlateau`, `converge`), belongs inside of `checkpointed`.""",
        """knetc.run(knetc.logged([0.5, 0.25], "log.jsonl", accuracy=lambda: "high"))""",
    ),
    "KN426": _entry(
        "a package that is not installed",
        """Plots, TensorBoard files and the optimisers of scipy need packages that do not come with knetc. The help
        says which extra brings them. tensorboardX cannot be imported where the working folder holds a folder
        of the name `torch`.""",
        """import sys
        sys.modules["tensorboardX"] = None  # as if it were not installed
        try:
            next(iter(knetc.logged([0.5], knetc.TensorBoard("runs/1"))))
        finally:
            del sys.modules["tensorboardX"]""",
    ),
    "KN427": _entry(
        "a search that cannot begin or has no end",
        """`goldensection` starts at the zero vector, where the function has to be finite, and goes downhill from
        there; `hyperband` needs at least one configuration with a finite loss.""",
        """knetc.goldensection(lambda x: -np.exp(x[0] ** 2), 0)""",
    ),
    "KN428": _entry(
        "a method or option that scipy does not have",
        """`optimise` takes the methods of `scipy.optimize.minimize` for problems without constraints, with the
        options of the method, on arrays of real numbers.""",
        """knetc.optimise(lambda w: np.sum(w * w), np.ones(2), method="sgd")""",
    ),
    "KN429": _entry(
        "a file that is not the log of this run",
        """A log is continued in the file of its path, or replaces an older log there. What is no log, or a table
        with other columns, is left alone.""",
        """from pathlib import Path
        Path("log.csv").write_text("name,age\\n")
        next(iter(knetc.logged([0.5], "log.csv")))""",
    ),
    "KN430": _entry(
        "labels that make no one-hot rows",
        """A label is the place of the 1 in its row: an int from 0 to the number of classes less one. Masked
        labels (-1) have no row: leave them out.""",
        """knetc.onehot([0, 3], classes=3)""",
    ),
    "KN431": _entry(
        "sequences that cannot be padded or packed",
        """Sequences differ in their lengths alone: their elements have one shape. What is packed has at least
        one element in each, and what fills the end of a padded one fits its dtype.""",
        """knetc.pack([[1, 2], []])""",
    ),
    "KN432": _entry(
        "a token that is not in the vocabulary",
        """A vocabulary that was built with `unknown` takes that token for every other one. Without it, only
        the tokens that were counted have a number.""",
        """knetc.Vocabulary.build("banana").encode("band")""",
    ),
    "KN433": _entry(
        "a vocabulary that is none",
        """Every token has one number, so no token occurs twice; the unknown token is one of them; and a limit
        counts the special tokens in.""",
        """knetc.Vocabulary(["the", "cat", "the"])""",
    ),
    "KN434": _entry(
        "numbers that stand for no token",
        """The tokens of a vocabulary are numbered from 0. What fills the end of a padded sequence is no token:
        leave it out before decoding.""",
        """knetc.Vocabulary("abc").decode([0, -1])""",
    ),
    "KN435": _entry(
        "an option of a data set out of range",
        """Sizes and lengths are at least 1.""",
        """knetc.datasets.imdb(length=0)""",
    ),
    "KN436": _entry(
        "data that cannot be read ahead",
        """`prefetch` takes what a `for` loop takes, and reads at least one item ahead. Threads do not survive a
        fork: a forked process begins its own loop.""",
        """knetc.prefetch([1, 2, 3], n=0)""",
    ),
    "KN438": _entry(
        "sequences that cannot be batched",
        """There is at least one sequence, every sequence has at least one element, and a seed is an int of at
        least 0.""",
        """knetc.buckets([[1, 2], []], [0, 1], 2)""",
    ),
    "KN501": _entry(
        "the loss became nan or infinite",
        """Training stops at the first such loss, before it spoils the parameters, runs the step again to find the
        operation where it arose, and saves the batch: `np.load(path)["0"]` is its first item. Usual reasons are a
        learning rate that is too high, log(0), a division by zero, or nan in the data.""",
        """model = {"w": np.array(1.0)}
        knetc.run(knetc.sgd(lambda p, x: np.log(x) / p["w"], [0.0], params=model, bad_batch="bad.npz"))""",
    ),
    "KN502": _entry(
        "a gradient that disagrees with central differences",
        """At a kink (relu at 0, the maximum of equals) or where random numbers are drawn the two differ by
        nature, and a step that is too large or too small makes the differences inexact: try other
        arguments or another `eps`. If they still differ, the derivative is wrong: in a rule of your own,
        or in knetc, which is worth a report.""",
        """knetc.gradcheck(lambda x: knetc.relu(x), 0.0)""",
    ),
    "KN503": _entry(
        "a gradient that disagrees with a finite difference",
        """With `knetc.config(check=True)` the first call of every gradient compares the derivative in a random
        direction with a finite difference. The two differ: a rule is wrong, or the function is not what its
        values say (a custom rule, a function that changes from call to call).""",
        """gradient = knetc.grad(lambda x: x * float(str(x)))
        with knetc.config(check=True):
            gradient(2.0)  # a number that has been text counts as a constant""",
    ),
    "KN504": _entry(
        "a gradient that became nan or infinite",
        """The loss is finite, but not its derivative: sqrt(0) and norm(0) are the usual reasons. Training stops before
        the parameters are spoilt, names the operation, and saves the batch.""",
        """knetc.run(knetc.sgd(lambda w, x: np.sum(np.sqrt(w * x)), [0.0], params=np.ones(1), bad_batch="bad.npz"))""",
    ),
    "KN601": _entry(
        "a data set that cannot be had",
        """Every source was tried, and the message says how each of them failed. The files may also be put
        into the folder by hand; they are checked before they are used.""",
        """import os
        os.environ["KNETC_DATA"] = "/dev/null"
        knetc.datasets.mnist()""",
    ),
    "KN602": _entry(
        "a file that is not MNIST's",
        """The header of an IDX file declares a shape, and the file has to have exactly as many bytes.""",
        """from knetc.datasets import idx
        idx.parse(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7]))""",
    ),
    "KN603": _entry(
        "a file of a data set that is not in its format",
        """The message names the file and the line or member. A set in the cache is known by its checksum, so
        this is a file that was put together in another way.""",
        """import importlib
        importlib.import_module("knetc.datasets.brown").parse(b"no tags here")""",
    ),
    "KN611": _entry(
        "a checkpoint that cannot be read",
        """The file is not there, or may not be read.""",
        """knetc.load("no_such_file.safetensors")""",
    ),
    "KN612": _entry(
        "not a checkpoint of knetc",
        """`load` reads what `knetc.save` wrote, of this version or an older one.""",
        """from pathlib import Path
        Path("text.safetensors").write_text("hello")
        knetc.load("text.safetensors")""",
    ),
    "KN613": _entry(
        "a damaged checkpoint",
        """The content does not fit the checksum or the description in the header. `save` writes a file whole
        or not at all, so it was damaged later, or on its way.""",
        """knetc.save("w.safetensors", {"w": np.ones(3)})
        with open("w.safetensors", "r+b") as file:
            file.seek(-1, 2)
            file.write(b"x")
        knetc.load("w.safetensors")""",
    ),
    "KN614": _entry(
        "a checkpoint that does not fit",
        """A file holds arrays and structure, no code. Objects are filled, not made: build the model and load
        into it. Its arrays must have the paths and shapes of those in the file.""",
        """knetc.save("w.safetensors", {"w": np.ones(3)})
        knetc.load("w.safetensors", into={"w": np.ones(4)})""",
    ),
    "KN615": _entry(
        "a value that cannot be saved",
        """Arrays, numbers, strings, None, lists, tuples, dicts and objects made of them can be saved.""",
        """knetc.save("w.safetensors", {"w": {1, 2}})""",
    ),
    "KN616": _entry(
        "a file that cannot be written",
        """The folder is missing, full, or not yours. An older file of that name is as it was.""",
        """knetc.save("no_such_folder/w.safetensors", {"w": np.ones(3)})""",
    ),
    "KN617": _entry(
        "a checkpoint of another version",
        """The file was written by a newer version of knetc, in a form that this one does not know. It is left
        alone, and no older checkpoint is taken in its place.""",
        """from safetensors.numpy import save_file
        save_file({"w": np.ones(3)}, "w.safetensors", {"knetc": '{"format": 99}'})
        knetc.load("w.safetensors")""",
    ),
    "KN618": _entry(
        "a folder with damaged checkpoints only",
        """A damaged or foreign file is skipped with a warning, and the next older one is taken. Here none was
        left. Nothing is written over them: restore one from a copy, or move them away to start anew.""",
        """from pathlib import Path
        import warnings
        Path("step-00000100.safetensors").write_text("hello")
        with warnings.catch_warnings(action="ignore"):
            knetc.Checkpoints(".").load()""",
    ),
    "KN619": _entry(
        "a folder that another loop uses",
        """Two runs that write checkpoints into one folder would overwrite each other's. The folder is free again
        as soon as the other loop or process ends, in whatever way.""",
        """data = [1.0, 2.0]
        first, second = [knetc.sgd(lambda w, x: w["w"] * x, data, params={"w": np.ones(())}) for _ in range(2)]
        running = iter(knetc.checkpointed(first, "runs/1"))
        next(running)
        next(iter(knetc.checkpointed(second, "runs/1")))""",
    ),
}
