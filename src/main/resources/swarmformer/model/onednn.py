# Products with weights through oneDNN: weights laid out for the processor once, bias and sigmoid inside the product.

# weight (out, in), as `linear` takes it
def pack(weight: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight, 2048)

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear(x: Tensor, to: __torch__.Linear) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, to.weight, to.bias, "none", annotate(List[Optional[number]], []), "")

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear_sigmoid(x: Tensor, to: __torch__.Linear) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, to.weight, to.bias, "sigmoid", annotate(List[Optional[number]], []), "")

# x (R, D) -> (R, D) for the hidden layer and, without the first and the last, (R - 2, D) for the gate
def products_on_x(x: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  d = torch.size(x, 1)
  on_x = __torch__.linear(x, w.on_x)
  return (torch.slice(on_x, 1, 0, d, 1), torch.slice(torch.slice(on_x, 0, 1, -1, 1), 1, d, 2 * d, 1))

# hidden (R, D), gate (R, D) -> the update (R, D), the gate (R, D) with its part of the hidden layer
def products_on_hidden(hidden: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  d = torch.size(hidden, 1)
  on_hidden = __torch__.linear(hidden, w.on_hidden)
  return (torch.slice(on_hidden, 1, 0, d, 1), torch.add(torch.slice(on_hidden, 1, d, 2 * d, 1), gate))

