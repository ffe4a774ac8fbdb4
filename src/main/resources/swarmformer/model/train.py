# The SwarmFormer network for training: what classify.py and masked.py have in common.
#
# What swarmformer.py computes, with dropout, and without most of the padding: the positions are those of inference.py, but each row
# is a ring of its own. Without dropout that is exact; with it, one position of padding stands for others that would have been
# dropped on their own.
#
# B texts, L = seq_len, D = d_model, s = cluster_size, N classes. Of a text's L positions P are computed, its C = P / s clusters.
# numbers is [num_layers, T_local, cluster_size, seq_len], then for each layer 8 as in inference.py, then for each dropout where in
# its pool the mask begins: embedding; in each layer 3 for each local step, 2 for the attention, 1 for the broadcast; classifier.
# pools are the masks' values, 0 or 1 / (1 - rate), one dimension, empty for a rate of 0: embedding, input of a local step, its
# hidden layer, its update, weights of the attention, what it gives, update of the broadcast, classifier.

def ints(numbers: Tensor) -> List[int]:
  result = annotate(List[int], [])
  for i in range(torch.size(numbers, 0)):
    torch.append(result, int(torch.select(numbers, 0, i)))
  return result

# x of any shape, changed in place unless it is a leaf of the graph
def drop(x: Tensor, pool: Tensor, at: int) -> Tensor:
  if torch.numel(pool) == 0:
    result = x
  else:
    mask = torch.view(torch.slice(pool, 0, at, at + torch.numel(x), 1), torch.size(x))
    if torch.is_leaf(x):
      result = torch.mul(x, mask)
    else:
      result = torch.mul_(x, mask)
  return result

# x (B, P, D) -> (B, P', D): the equal positions from run[i] to before run[i + 1] become run[i + 2] of them
def resize(x: Tensor, run: List[int], i: int) -> Tensor:
  first, behind, copies = run[i], run[i + 1], run[i + 2]
  if behind - first == copies:
    result = x
  else:
    equal = torch.expand(torch.slice(x, 1, first, first + 1, 1), [-1, copies, -1])
    result = torch.cat([torch.slice(x, 1, 0, first, 1), equal, torch.slice(x, 1, behind, 9223372036854775807, 1)], 1)
  return result

# The products of a gate's two halves: on (..., D) with its bias, update (..., D) -> each (..., D)
def gate_on_x(x: Tensor, w: List[Tensor], i: int) -> Tensor:
  return torch.linear(x, torch.slice(w[i], 1, 0, torch.size(x, -1), 1), w[i + 1])

def gate_on_update(update: Tensor, w: List[Tensor], i: int) -> Tensor:
  return torch.linear(update, torch.slice(w[i], 1, torch.size(update, -1), 9223372036854775807, 1))

# x (B, P, D) -> (B, P, D)
def local_step(x: Tensor, w: List[Tensor], i: int, pools: List[Tensor], at: List[int], k: int) -> Tensor:
  x = __torch__.drop(x, pools[1], at[k])
  near = torch.add_(torch.add(torch.roll(x, [1], [1]), x), torch.roll(x, [-1], [1]))
  hidden = torch.gelu(torch.linear(near, w[i] / 3.0, w[i + 1]))
  hidden = __torch__.drop(hidden, pools[2], at[k + 1])
  update = __torch__.drop(torch.linear(hidden, w[i + 2], w[i + 3]), pools[3], at[k + 2])
  gate = torch.gelu(torch.add_(__torch__.gate_on_x(x, w, i + 4), __torch__.gate_on_update(update, w, i + 4)))
  return torch.lerp(x, update, torch.sigmoid_(torch.linear(gate, w[i + 6], w[i + 7])))

# means (B, C, D), of which cluster `pure` stands for `copies` -> (B, C, D)
def attend(means: Tensor, pure: int, copies: int, w: List[Tensor], i: int, pools: List[Tensor], at: List[int], k: int) -> Tensor:
  query = torch.linear(means, w[i], w[i + 1]) / torch.sqrt(torch.size(means, 2))
  key = torch.linear(means, w[i + 2], w[i + 3])
  value = torch.linear(means, w[i + 4], w[i + 5])
  scores = torch.matmul(query, torch.transpose(key, 1, 2))  # (B, C, C)
  torch.add_(torch.select(scores, 2, pure), torch.log(copies))
  weights = __torch__.drop(torch.softmax(scores, -1) * 1.0, pools[4], at[k])
  return __torch__.drop(torch.matmul(weights, value), pools[5], at[k + 1])

# x (B, P, D), clusters (B, C, D) -> (B, P, D)
def broadcast(x: Tensor, clusters: Tensor, s: int, w: List[Tensor], i: int, pool: Tensor, at: int) -> Tensor:
  each = [torch.size(x, 0), -1, s, torch.size(x, 2)]
  update = __torch__.drop(torch.linear(clusters, w[i], w[i + 1]), pool, at)  # (B, C, D)
  gate = torch.view(__torch__.gate_on_x(x, w, i + 2), each)
  gate = torch.gelu(torch.add_(gate, torch.unsqueeze(__torch__.gate_on_update(update, w, i + 2), 2)))  # (B, C, s, D)
  gate = torch.sigmoid_(torch.linear(gate, w[i + 4], w[i + 5]))
  return x + torch.view(gate * torch.unsqueeze(update, 2), torch.size(x))

# The embedding's rows of some tokens, then the other weights: leaves of a graph. Only those rows of the embedding have gradients.
def leaves(ids: Tensor, weights: List[Tensor]) -> List[Tensor]:
  result = [torch.requires_grad_(torch.detach(torch.embedding(weights[0], ids)))]
  for k in range(1, len(weights)):
    torch.append(result, torch.requires_grad_(torch.detach(weights[k])))
  return result

# gradient, of the same shape as the rows of some tokens, goes to that of the embedding
def add_rows(gradient: Tensor, ids: Tensor, rows: Tensor) -> Tensor:
  return torch.index_add_(gradient, 0, torch.flatten(ids), torch.view(rows, [-1, torch.size(rows, -1)]))

# x (B, P, D), the embedded tokens -> (B, P', D), what the last layer gives
def encoded(x: Tensor, w: List[Tensor], shape: List[int], pools: List[Tensor]) -> Tensor:
  layers, steps, s = shape[0], shape[1], shape[2]
  at = torch.slice(shape, 4 + 8 * layers, 9223372036854775807, 1)
  x = __torch__.drop(x, pools[0], at[0])
  for layer in range(layers):
    i = 1 + 20 * layer
    k = 1 + layer * (3 * steps + 3)
    run = 4 + 8 * layer
    x = __torch__.resize(x, shape, run)
    for step in range(steps):
      x = __torch__.local_step(x, w, i, pools, at, k + 3 * step)
    k = k + 3 * steps
    x = __torch__.resize(x, shape, run + 3)
    means = torch.mean(torch.view(x, [torch.size(x, 0), -1, s, torch.size(x, 2)]), [2])  # (B, C, D)
    clusters = __torch__.attend(means, shape[run + 6], shape[run + 7], w, i + 8, pools, at, k)
    x = __torch__.broadcast(x, clusters, s, w, i + 14, pools[6], at[k + 2])
  return x
