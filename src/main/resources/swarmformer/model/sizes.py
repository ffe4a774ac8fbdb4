# The sizes of a network, and which positions of a batch it computes, by name: what CompactLength.java tells the programs in front of
# which this stands.

# The equal positions of a row from `start` to before `end` become `copies` of them.
class Run(NamedTuple):
  start : int
  end : int
  copies : int

# Rows are changed before the local steps and behind them; the cluster `pure` of padding then stands for `copies` equal ones.
class LayerSizes(NamedTuple):
  before_steps : __torch__.Run
  behind_steps : __torch__.Run
  pure : int
  copies : int

class Sizes(NamedTuple):
  local_steps : int
  cluster_size : int
  length : int
  layers : List[__torch__.LayerSizes]

def run(numbers: List[int], at: int) -> __torch__.Run:
  return __torch__.Run(numbers[at], numbers[at + 1], numbers[at + 2])

# numbers are [num_layers, T_local, cluster_size, seq_len], then 8 for each layer, then what else a program takes
def sizes(numbers: List[int]) -> __torch__.Sizes:
  layers = annotate(List[__torch__.LayerSizes], [])
  for layer in range(numbers[0]):
    at = 4 + 8 * layer
    torch.append(layers, __torch__.LayerSizes(__torch__.run(numbers, at), __torch__.run(numbers, at + 3), numbers[at + 6], numbers[at + 7]))
  return __torch__.Sizes(numbers[1], numbers[2], numbers[3], layers)

