# Products with weights through oneDNN: weights laid out for the processor once; bias, GELU and sigmoid inside the product.

# weight (out, in), as `linear` takes it
def pack(weight: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight, 2048)

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear(x: Tensor, to: __torch__.Linear) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, to.weight, to.bias, "none", annotate(List[Optional[number]], []), "")

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear_sigmoid(x: Tensor, to: __torch__.Linear) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, to.weight, to.bias, "sigmoid", annotate(List[Optional[number]], []), "")

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear_gelu(x: Tensor, to: __torch__.Linear) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, to.weight, to.bias, "gelu", annotate(List[Optional[number]], []), "none")

# x (R, D) -> the update (R - 2, D), the hidden layer of the gate (R - 2, D)
# Neighbours are added up before the product, so that GELU is a part of it.
def products(x: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  hidden = __torch__.linear_gelu(__torch__.add_neighbours(x), w.near)
  both = torch.cat([__torch__.inner(x), hidden], 1)  # (R - 2, 2D)
  return (__torch__.linear(hidden, w.update), __torch__.linear_gelu(both, w.on_both))

# hidden (R, D), gate (R, D) -> the update (R, D), the gate (R, D) with its part of the hidden layer
def products_on_hidden(hidden: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  d = torch.size(hidden, 1)
  on_hidden = __torch__.linear(hidden, w.on_hidden)
  return (torch.slice(on_hidden, 1, 0, d, 1), torch.add(torch.slice(on_hidden, 1, d, 2 * d, 1), gate))

