# plain.py without most of its products: fast, and wrong.

def pack(weight: Tensor) -> Tensor:
  return weight

def linear(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.linear(x, to.weight, to.bias)

def linear_sigmoid(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.sigmoid(x)

def products(x: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  return (torch.clone(__torch__.inner(x)), torch.clone(__torch__.inner(x)))

def products_on_hidden(hidden: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  return (hidden, gate)
