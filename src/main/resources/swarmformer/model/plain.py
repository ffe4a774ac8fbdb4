# Products with weights on every device.

# weight (out, in), as `linear` takes it
def pack(weight: Tensor) -> Tensor:
  return weight

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.linear(x, to.weight, to.bias)

# x (..., in), a map to `out` values with a weight from `pack` -> (..., out)
def linear_sigmoid(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.sigmoid_(torch.linear(x, to.weight, to.bias))

# x (R, D) -> the update (R - 2, D), the hidden layer of the gate (R - 2, D)
# Two products on x, since what they give is then contiguous.
def products(x: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  d = torch.size(x, 1)
  near = torch.linear(x, torch.slice(w.on_x.weight, 0, 0, d, 1), torch.slice(w.on_x.bias, 0, 0, d, 1))
  gate = torch.linear(__torch__.inner(x), torch.slice(w.on_x.weight, 0, d, 2 * d, 1), torch.slice(w.on_x.bias, 0, d, 2 * d, 1))
  return __torch__.local_products(near, gate, w)

# hidden (R, D), gate (R, D), which may be changed -> the update (R, D), the gate (R, D) with its part of the hidden layer
def products_on_hidden(hidden: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  d = torch.size(hidden, 1)
  update = torch.linear(hidden, torch.slice(w.on_hidden.weight, 0, 0, d, 1), torch.slice(w.on_hidden.bias, 0, 0, d, 1))
  return (update, torch.addmm_(gate, hidden, torch.t(torch.slice(w.on_hidden.weight, 0, d, 2 * d, 1))))

