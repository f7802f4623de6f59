using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Chat.GraphQL;

/// <summary>
/// Compiles resolvers to delegates, so that no request pays for reflection. A delegate takes the parent and the values
/// of the method's other parameters.
/// </summary>
internal static class ResolverCompiler
{
    private static readonly MethodInfo FromTask =
        typeof(ResolverCompiler).GetMethod(nameof(AsValueTask), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo FromEvents =
        typeof(ResolverCompiler).GetMethod(nameof(Box), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo FromStream =
        typeof(ResolverCompiler).GetMethod(nameof(CollectAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo FromBatch =
        typeof(ResolverCompiler).GetMethod(nameof(AsResultsAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo ToParents =
        typeof(ResolverCompiler).GetMethod(nameof(Parents), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static FieldResolver Compile(PropertyInfo property, ClrTypeShape shape, GraphQLType type)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var target = property.GetMethod!.IsStatic ? null : Expression.Convert(parent, property.DeclaringType!);
        return Create(Expression.Property(target, property), shape, type, parent, Bound(), []);
    }

    /// <summary>Compiles a method.</summary>
    /// <param name="method">A static method.</param>
    /// <param name="shape">What it returns.</param>
    /// <param name="type">The field's type.</param>
    /// <param name="parameters">Where each parameter comes from; null is the parent.</param>
    public static FieldResolver Compile(
        MethodInfo method, ClrTypeShape shape, GraphQLType type, IReadOnlyList<ParameterBinding?> parameters)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var bound = Bound();
        var call = Call(method, parameters, parent, bound, out var bindings);
        return Create(call, shape, type, parent, bound, bindings);
    }

    /// <summary>Compiles a method that takes the list of all parents and returns the list of their results.</summary>
    public static FieldResolver CompileBatch(
        MethodInfo method, ClrTypeShape shape, GraphQLType type, IReadOnlyList<ParameterBinding?> parameters,
        Type parentType)
    {
        var parents = Expression.Parameter(typeof(object?[]), "parents");
        var bound = Bound();
        Expression call = Call(
            method, parameters, Expression.Call(ToParents.MakeGenericMethod(parentType), parents), bound,
            out var bindings);
        var (list, item) = (shape.Clr, shape.Element!.Clr);
        call = shape.Async switch
        {
            AsyncKind.None => Expression.New(typeof(ValueTask<>).MakeGenericType(list).GetConstructor([list])!, call),
            AsyncKind.Task => Expression.Call(FromTask.MakeGenericMethod(list), call),
            _ => call,
        };
        var invoke = Expression.Lambda(
            typeof(Func<,,>).MakeGenericType(
                typeof(object?[]), typeof(object?[]),
                typeof(ValueTask<>).MakeGenericType(typeof(IEnumerable<>).MakeGenericType(item))),
            Expression.Call(FromBatch.MakeGenericMethod(list, item), call), parents, bound).Compile();
        return (FieldResolver)Activator.CreateInstance(
            typeof(BatchResolver<>).MakeGenericType(item), invoke, bindings, Completions.For(shape.Element, type))!;
    }

    /// <summary>Compiles the method that makes a subscription's source stream.</summary>
    public static SourceStream CompileSource(
        MethodInfo method, IReadOnlyList<ParameterBinding?> parameters, bool isShared, VisibilityKey? visibility)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var bound = Bound();
        Expression call = Call(method, parameters, parent, bound, out var bindings);
        var returned = method.ReturnType;
        if (!returned.IsGenericType || returned.GetGenericTypeDefinition() != typeof(ValueTask<>))
        {
            call = returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>)
                ? Expression.Call(FromTask.MakeGenericMethod(returned.GetGenericArguments()), call)
                : Expression.New(typeof(ValueTask<>).MakeGenericType(returned).GetConstructor([returned])!, call);
        }

        var stream = call.Type.GetGenericArguments()[0];
        var item = ItemOf(stream)!;
        var box = FromEvents.MakeGenericMethod(stream, item);
        var open = Expression.Lambda<Func<object?, object?[], ValueTask<IAsyncEnumerable<object?>>>>(
            Expression.Call(box, call), parent, bound);
        return new SourceStream(open.Compile(), bindings)
        {
            IsShared = isShared,
            IsPaged = item.IsAssignableTo(typeof(EventPage)),
            Visibility = visibility,
        };
    }

    /// <summary>Compiles the method that tells which subscribers see the same.</summary>
    public static VisibilityKey CompileKey(MethodInfo method, IReadOnlyList<ParameterBinding?> parameters)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var bound = Bound();
        var call = Call(method, parameters, parent, bound, out var bindings);
        var compute = Expression.Lambda<Func<object?, object?[], object?>>(
            Expression.Convert(call, typeof(object)), parent, bound);
        return new VisibilityKey(compute.Compile(), bindings);
    }

    /// <summary>
    /// The type of the events of an <see cref="IAsyncEnumerable{T}"/>, or of those in its pages; null for other types.
    /// </summary>
    public static Type? EventOf(Type stream) => ItemOf(stream) is { IsGenericType: true } item
        && item.GetGenericTypeDefinition() == typeof(EventPage<>)
            ? item.GetGenericArguments()[0]
            : ItemOf(stream);

    private static Type? ItemOf(Type stream) => stream.GetInterfaces().Append(stream).FirstOrDefault(
        type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        ?.GetGenericArguments()[0];

    private static ParameterExpression Bound() => Expression.Parameter(typeof(object?[]), "bound");

    private static MethodCallExpression Call(
        MethodInfo method, IReadOnlyList<ParameterBinding?> parameters, Expression parent,
        ParameterExpression bound, out ParameterBinding[] bindings)
    {
        List<ParameterBinding> used = [];
        var arguments = new List<Expression>();
        foreach (var (parameter, binding) in method.GetParameters().Zip(parameters))
        {
            var type = parameter.ParameterType;
            if (binding is null)
            {
                arguments.Add(ParentAs(parent, type));
                continue;
            }

            arguments.Add(Expression.Convert(Expression.ArrayIndex(bound, Expression.Constant(used.Count)), type));
            used.Add(binding);
        }

        bindings = [.. used];
        return Expression.Call(method, arguments);
    }

    private static Expression ParentAs(Expression parent, Type type) =>
        parent.Type.IsArray && !type.IsAssignableFrom(parent.Type)
            ? Expression.New(type.GetConstructor([type.GetInterface("IEnumerable`1")!])!, parent)
            : Expression.Convert(parent, type);

    private static FieldResolver Create(
        Expression body, ClrTypeShape shape, GraphQLType type, ParameterExpression parent, ParameterExpression bound,
        ParameterBinding[] bindings)
    {
        if (shape.Async == AsyncKind.Task)
        {
            body = Expression.Call(FromTask.MakeGenericMethod(shape.Clr), body);
        }
        else if (shape.Async == AsyncKind.Stream)
        {
            var ct = Expression.Convert(
                Expression.ArrayIndex(bound, Expression.Constant(bindings.Length)), typeof(CancellationToken));
            body = Expression.Call(FromStream.MakeGenericMethod(shape.Element!.Clr), body, ct);
            bindings = [.. bindings, new CancellationBinding()];
        }

        var isSync = shape.Async == AsyncKind.None;
        var invoke = isSync
            ? Rows(body, shape.Clr, parent, bound)
            : Expression.Lambda(
                typeof(Func<,,>).MakeGenericType(
                    typeof(object), typeof(object?[]), typeof(ValueTask<>).MakeGenericType(shape.Clr)),
                body, parent, bound);
        var resolver = isSync ? typeof(SyncResolver<>) : typeof(AsyncResolver<>);
        return (FieldResolver)Activator.CreateInstance(
            resolver.MakeGenericType(shape.Clr), invoke.Compile(), bindings, Completions.For(shape, type))!;
    }

    /// <summary>A <see cref="RowsResolver{T}"/>: the loop is compiled together with what it does.</summary>
    private static LambdaExpression Rows(
        Expression body, Type clr, ParameterExpression parent, ParameterExpression bound)
    {
        var parents = Expression.Parameter(typeof(object?[]), "parents");
        var values = Expression.Parameter(clr.MakeArrayType(), "values");
        var row = Expression.Parameter(typeof(int).MakeByRefType(), "row");
        var end = Expression.Parameter(typeof(int), "end");
        var done = Expression.Label();
        var loop = Expression.Loop(
            Expression.IfThenElse(
                Expression.LessThan(row, end),
                Expression.Block(
                    Expression.Assign(parent, Expression.ArrayIndex(parents, row)),
                    Expression.Assign(Expression.ArrayAccess(values, row), body),
                    Expression.PreIncrementAssign(row)),
                Expression.Break(done)),
            done);
        return Expression.Lambda(
            typeof(RowsResolver<>).MakeGenericType(clr), Expression.Block([parent], loop),
            parents, bound, values, row, end);
    }

    private static ValueTask<T> AsValueTask<T>(Task<T> task) => new(task);

    private static TParent[] Parents<TParent>(object?[] parents) =>
        Array.ConvertAll(parents, static parent => (TParent)parent!);

    private static async ValueTask<IEnumerable<T>> AsResultsAsync<TList, T>(ValueTask<TList> returning)
        where TList : IEnumerable<T> => await returning;

    private static async ValueTask<List<T>?> CollectAsync<T>(IAsyncEnumerable<T>? items, CancellationToken ct)
    {
        if (items is null)
            return null;
        var collected = new List<T>();
        await foreach (var item in items.WithCancellation(ct))
            collected.Add(item);
        return collected;
    }

    private static async ValueTask<IAsyncEnumerable<object?>> Box<TStream, T>(ValueTask<TStream> opening)
        where TStream : IAsyncEnumerable<T>
    {
        IAsyncEnumerable<T> events = await opening;
        return events as IAsyncEnumerable<object?> ??
            (events is IPublications ? new BoxedPublications<T>(events) : BoxEvents(events));
    }

    private static async IAsyncEnumerable<object?> BoxEvents<T>(
        IAsyncEnumerable<T> events, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var current in events.WithCancellation(ct))
            yield return current;
    }
}
