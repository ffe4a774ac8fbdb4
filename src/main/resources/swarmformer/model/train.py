# The SwarmFormer network for training: what classify.py and masked.py have in common.
#
# What swarmformer.py computes, with dropout, and without most of the padding: the positions are those of inference.py, but each row
# is a ring of its own. Without dropout that is exact; with it, one position of padding stands for others that would have been
# dropped on their own.
#
# B texts, L = seq_len, D = d_model, s = cluster_size, N classes. Of a text's L positions P are computed, its C = P / s clusters.
# weights are those of the checkpoint by their names. sizes.py stands before this.

# The values of dropout's masks, 0 or 1 / (1 - rate), one dimension, empty for a rate of 0. at: where in its pool the mask of each
# dropout begins, taken one by one in the order of the network.
class Masks(NamedTuple):
  embedding : Tensor
  local_input : Tensor
  local_hidden : Tensor
  local_update : Tensor
  attention_weights : Tensor
  attention : Tensor
  broadcast : Tensor
  classifier : Tensor
  at : List[int]

# numbers are those of the sizes, then the places of masks, then what computed takes
def masks(pools: List[Tensor], numbers: List[int]) -> __torch__.Masks:
  at = torch.slice(numbers, 4 + 8 * numbers[0], -1, 1)
  return __torch__.Masks(pools[0], pools[1], pools[2], pools[3], pools[4], pools[5], pools[6], pools[7], at)

def ints(numbers: Tensor) -> List[int]:
  result = annotate(List[int], [])
  for i in range(torch.size(numbers, 0)):
    torch.append(result, int(torch.select(numbers, 0, i)))
  return result

# x of any shape, changed in place unless it is a leaf of the graph
def drop(x: Tensor, pool: Tensor, places: List[int]) -> Tensor:
  at = torch.pop(places, 0)
  if torch.numel(pool) == 0:
    result = x
  else:
    mask = torch.to(torch.view(torch.slice(pool, 0, at, at + torch.numel(x), 1), torch.size(x)), x, False, False, None)
    if torch.is_leaf(x):
      result = torch.mul(x, mask)
    else:
      result = torch.mul_(x, mask)
  return result

# x (B, P, D) -> (B, P', D)
def resize(x: Tensor, run: __torch__.Run) -> Tensor:
  if run.end - run.start == run.copies:
    result = x
  else:
    equal = torch.expand(torch.slice(x, 1, run.start, run.start + 1, 1), [-1, run.copies, -1])
    result = torch.cat([torch.slice(x, 1, 0, run.start, 1), equal, torch.slice(x, 1, run.end, 9223372036854775807, 1)], 1)
  return result

# x (..., in) -> (..., out)
def linear(x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(x, w[name + ".weight"], w[name + ".bias"])

# The products of a gate's two halves: on (..., D) with its bias, update (..., D) -> each (..., D)
def gate_on_x(x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(x, torch.slice(w[name + ".weight"], 1, 0, torch.size(x, -1), 1), w[name + ".bias"])

def gate_on_update(update: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(update, torch.slice(w[name + ".weight"], 1, torch.size(update, -1), 9223372036854775807, 1))

# x (B, P, D) -> (B, P, D)
def local_step(x: Tensor, w: Dict[str, Tensor], name: str, masks: __torch__.Masks) -> Tensor:
  x = __torch__.drop(x, masks.local_input, masks.at)
  near = torch.add_(torch.add(torch.roll(x, [1], [1]), x), torch.roll(x, [-1], [1]))
  hidden = torch.gelu(torch.linear(near, w[name + "mlp.0.weight"] / 3.0, w[name + "mlp.0.bias"]))
  hidden = __torch__.drop(hidden, masks.local_hidden, masks.at)
  update = __torch__.drop(__torch__.linear(hidden, w, name + "mlp.3"), masks.local_update, masks.at)
  gate = torch.add_(__torch__.gate_on_x(x, w, name + "gate_net.0"), __torch__.gate_on_update(update, w, name + "gate_net.0"))
  return torch.lerp(x, update, torch.sigmoid_(__torch__.linear(torch.gelu(gate), w, name + "gate_net.2")))

# means (B, C, D), of which cluster `pure` stands for `copies` -> (B, C, D)
def attend(means: Tensor, pure: int, copies: int, w: Dict[str, Tensor], name: str, masks: __torch__.Masks) -> Tensor:
  query = __torch__.linear(means, w, name + "query") / torch.sqrt(torch.size(means, 2))
  key = __torch__.linear(means, w, name + "key")
  value = __torch__.linear(means, w, name + "value")
  scores = torch.matmul(query, torch.transpose(key, 1, 2))  # (B, C, C)
  torch.add_(torch.select(scores, 2, pure), torch.log(copies))
  weights = __torch__.drop(torch.softmax(scores, -1) * 1.0, masks.attention_weights, masks.at)
  return __torch__.drop(torch.matmul(weights, value), masks.attention, masks.at)

# x (B, P, D), clusters (B, C, D) -> (B, P, D)
def broadcast(x: Tensor, clusters: Tensor, s: int, w: Dict[str, Tensor], name: str, masks: __torch__.Masks) -> Tensor:
  each = [torch.size(x, 0), -1, s, torch.size(x, 2)]
  update = __torch__.drop(__torch__.linear(clusters, w, name + "linear"), masks.broadcast, masks.at)  # (B, C, D)
  gate = torch.view(__torch__.gate_on_x(x, w, name + "gate_net.0"), each)
  gate = torch.gelu(torch.add_(gate, torch.unsqueeze(__torch__.gate_on_update(update, w, name + "gate_net.0"), 2)))  # (B, C, s, D)
  gate = torch.sigmoid_(__torch__.linear(gate, w, name + "gate_net.2"))
  return x + torch.view(gate * torch.unsqueeze(update, 2), torch.size(x))

# The embedding's rows of some tokens instead of the embedding, and the other weights: leaves of a graph. So only those rows have
# gradients.
def leaves(ids: Tensor, weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
  result = annotate(Dict[str, Tensor], {})
  for name in torch.keys(weights):
    weight = torch.detach(weights[name])
    if name == "embedding.embed.weight":
      weight = torch.embedding(weight, ids)
    torch._set_item(result, name, torch.requires_grad_(weight))
  return result

# The leaves in the number format of the products, by PyTorch's number of it, which ends numbers. Their gradients keep the leaves' own.
def computed(leaves: Dict[str, Tensor], numbers: List[int]) -> Dict[str, Tensor]:
  result = annotate(Dict[str, Tensor], {})
  for name in torch.keys(leaves):
    torch._set_item(result, name, torch.to(leaves[name], numbers[-1], False, False, None))
  return result

# gradient, of the same shape as the rows of some tokens, goes to that of the embedding
def add_rows(gradients: Dict[str, Tensor], ids: Tensor, rows: Tensor) -> None:
  torch.index_add_(gradients["embedding.embed.weight"], 0, torch.flatten(ids), torch.view(rows, [-1, torch.size(rows, -1)]))

# Adds the gradients of a loss by leaves; those of the embedding's are of the rows of some tokens.
def add_gradients(loss: Tensor, leaves: Dict[str, Tensor], ids: Tensor, gradients: Dict[str, Tensor]) -> None:
  found = torch.autograd.grad([loss], torch.values(leaves), None, None, False, False)
  names = torch.keys(leaves)
  for k in range(len(names)):
    gradient = torch._unwrap_optional(found[k])
    if names[k] == "embedding.embed.weight":
      __torch__.add_rows(gradients, ids, gradient)
    else:
      torch.add_(gradients[names[k]], gradient)

# x (B, P, D), the embedded tokens -> (B, P', D), what the last layer gives
def encoded(x: Tensor, w: Dict[str, Tensor], sizes: __torch__.Sizes, masks: __torch__.Masks) -> Tensor:
  s = sizes.cluster_size
  x = __torch__.drop(x, masks.embedding, masks.at)
  for layer in range(len(sizes.layers)):
    name, of = torch.format("layers.{}.", layer), sizes.layers[layer]
    x = __torch__.resize(x, of.before_steps)
    for step in range(sizes.local_steps):
      x = __torch__.local_step(x, w, name + "local_agg.", masks)
    x = __torch__.resize(x, of.behind_steps)
    means = torch.mean(torch.view(x, [torch.size(x, 0), -1, s, torch.size(x, 2)]), [2])  # (B, C, D)
    clusters = __torch__.attend(means, of.pure, of.copies, w, name + "global_attn.", masks)
    x = __torch__.broadcast(x, clusters, s, w, name + "broadcast.", masks)
  return x
